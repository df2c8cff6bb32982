import type { Registers } from '../core/entry.ts';
import type { Judgement } from '../core/verdict.ts';
import { type FindingView, type Viewer, viewFindings } from '../core/view.ts';

/** One line of `scan --format json` (contract section 3). */
export function judgementLine(source: string, judgement: Judgement, registers: Registers, viewer: Viewer): string {
  return `${JSON.stringify({
    source,
    verdict: judgement.verdict,
    holdUntil: judgement.holdUntil === null ? null : new Date(judgement.holdUntil).toISOString(),
    effectiveAt: new Date(judgement.effectiveAt).toISOString(),
    findings: viewFindings(judgement, registers, viewer),
    incomplete: judgement.incomplete,
  })}\n`;
}

/** The same for a person at a terminal: the verdict first, then each reason with its place. */
export function judgementText(source: string, judgement: Judgement, registers: Registers, viewer: Viewer): string {
  const findings = viewFindings(judgement, registers, viewer);
  const lines = [
    `${source}: ${verdictSentence(judgement, registers)}`,
    ...findings.map(
      (finding) => `  ${finding.detector} in ${finding.path}${place(finding)}: ${finding.summary}${insight(finding)}`,
    ),
    ...judgement.incomplete.map((part) => `  ${part.path} could not be looked at: ${part.reason}`),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictSentence(judgement: Judgement, registers: Registers): string {
  switch (judgement.verdict) {
    case 'pass':
      return 'PASS, nothing against it';
    case 'flag':
      return 'FLAG, it may go and is recorded';
    case 'hold':
      return judgement.holdUntil === null
        ? 'HOLD, until a reviewer releases it'
        : `HOLD, until ${localTime(judgement.holdUntil, zoneOf(judgement, registers))}`;
  }
}

function zoneOf(judgement: Judgement, registers: Registers): string {
  const ids = judgement.findings.map((finding) => finding.entry);
  return registers.embargoes.find((entry) => ids.includes(entry.id))?.zone ?? 'Europe/London';
}

/** `Wed 20 Jan 2016, 09:30 (Europe/London)`. */
function localTime(instant: number, zone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  });
  return `${format.format(instant)} (${zone})`;
}

function place(finding: FindingView): string {
  return finding.span === null ? '' : `, characters ${finding.span.start} to ${finding.span.end}`;
}

function insight(finding: FindingView): string {
  return finding.insight === undefined ? '' : ` [${finding.insight}]`;
}
