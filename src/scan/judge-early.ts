import type { Finding } from '../core/finding.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { Judgement } from '../core/verdict.ts';
import type { Opener, ScanReport } from './engine.ts';

/** Rows of each table that a quick look reads. */
const FIRST_ROWS = 200;
/** Bytes from which a quick look is worth its time: smaller messages are opened in full as soon. */
const LARGE = 1024 ** 2;

export interface EarlySteps {
  readonly open: Opener;
  readonly judge: (opened: OpenedMessage) => Promise<ScanReport>;
  /** The judgement once more, with findings added. */
  readonly judgeAgain: (report: ScanReport, added: readonly Finding[]) => Judgement;
  /** Told of a hold that the first rows are enough for. */
  readonly tell: (early: Judgement) => void;
}

/**
 * Judges a message, and tells beforehand where the first rows of its tables hold it already.
 *
 * A quick look can hold and never clears: what it leaves unread is no reason for either. The judgement that follows is as strict or
 * stricter, and has the tables in full.
 */
export async function judgeEarly(
  request: Parameters<Opener>[0],
  { open, judge, judgeAgain, tell }: EarlySteps,
): Promise<ScanReport> {
  const early = request.source.size < LARGE ? null : await quickLook(request, open, judge);
  if (early !== null) tell(early);
  const report = await judge(await open(request));
  if (early === null || report.judgement.verdict === 'hold') return report;
  // What the first rows showed is not taken back because the rest is harmless.
  const known = new Set(report.judgement.findings.map(placeOf));
  const added = early.findings.filter((finding) => !known.has(placeOf(finding)));
  return { ...report, judgement: judgeAgain(report, added) };
}

async function quickLook(
  request: Parameters<Opener>[0],
  open: Opener,
  judge: EarlySteps['judge'],
): Promise<Judgement | null> {
  const opened = await open({ ...request, firstRows: FIRST_ROWS });
  const seen = opened.parts.filter(({ content }) => content.kind !== 'incomplete');
  const { judgement } = await judge({ ...opened, parts: seen });
  return judgement.verdict === 'hold' ? judgement : null;
}

function placeOf({ path, detector, rule, entry, span, weight, severity }: Finding): string {
  return JSON.stringify([path, detector, rule, entry, span, weight, severity]);
}
