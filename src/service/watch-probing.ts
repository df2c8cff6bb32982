import { mayKnow } from '../core/access.ts';
import { normaliseAddress } from '../core/address.ts';
import type { Engine, ScanReport } from '../scan/engine.ts';
import { readNumbers } from '../text/read-numbers.ts';
import { tokenise } from '../text/tokenise.ts';
import type { EngineSource } from './engine-source.ts';
import type { Log } from './log.ts';
import { ProbeTally } from './probe-tally.ts';
import type { AuditLog } from './stores.ts';

export interface ProbeAlarm {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly log: Log;
  /** Counts an alert, for metrics. */
  readonly count: () => void;
}

/**
 * The engines with an eye on authors without access who try out figures: an alert for reviewers goes into the audit log.
 *
 * The author's answer is made before anything is counted, and waits for nothing that comes of it.
 */
export function watchProbing(engines: EngineSource, alarm: ProbeAlarm): EngineSource {
  const tally = new ProbeTally();
  const watched = new WeakMap<Engine, Engine>();
  const watch = (engine: Engine): Engine => ({
    ...engine,
    async judge(request) {
      const report = await engine.judge(request);
      setImmediate(() => note(report, engine, request.now, tally, alarm));
      return report;
    },
  });
  return {
    ...engines,
    async current() {
      const engine = await engines.current();
      const known = watched.get(engine) ?? watch(engine);
      watched.set(engine, known);
      return known;
    },
  };
}

function note(
  report: ScanReport,
  { registers }: Engine,
  at: number,
  tally: ProbeTally,
  { audit, log, count }: ProbeAlarm,
): void {
  const author = normaliseAddress(report.parties.from ?? '');
  for (const [entry, values] of figuresOf(report)) {
    const release = registers.embargoes.find(({ id }) => id === entry);
    // People with access state its figures to each other all morning.
    if (release === undefined || mayKnow(release, author, at)) continue;
    if (!tally.note(author, entry, values, at)) continue;
    count();
    log.warn({ entry }, 'an author without access tries out figures of a release');
    const act = { actor: 'holdfast', action: 'probing.suspected', target: entry, detail: { author } } as const;
    audit.append(act).catch((err: unknown) => log.error({ err, entry }, 'an alert could not be written down'));
  }
}

/** What a message says of each entry, in its order. */
function figuresOf({ judgement, opened }: ScanReport): ReadonlyMap<string, readonly string[]> {
  const figures = new Map<string, string[]>();
  for (const { detector, entry, path, span } of judgement.findings) {
    const content = opened.parts.find((part) => part.path === path)?.content;
    if (detector !== 'figure' || entry === null || span === null || content?.kind !== 'text') continue;
    const said = readNumbers(tokenise(content.text.slice(span.start, span.end))).filter(({ sort }) => sort !== 'label');
    figures.set(entry, [...(figures.get(entry) ?? []), ...said.map(({ value }) => String(value))]);
  }
  return figures;
}
