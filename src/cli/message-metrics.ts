import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

import { INCOMPLETE_REASONS, type IncompleteReason } from '../core/part.ts';
import { detectors } from '../detect/index.ts';
import type { Engine } from '../scan/engine.ts';
import type { EngineSource } from '../service/engine-source.ts';
import type { NextHop } from '../service/next-hop.ts';
import type { WorkerDeps } from '../service/run-worker.ts';
import type { Service } from '../service/service.ts';

/** What is counted of the way of a message: taken, opened, judged, judged again at its lift, delivered. */
export interface MessageMetrics {
  watchEngines(engines: EngineSource): EngineSource;
  watchNextHop(nextHop: NextHop): NextHop;
  watchIntake(service: Service): Service;
  /** Measures how long after its lift a held message is taken up again, by the judgements' clock. */
  watchClaims(store: WorkerDeps['store'], now: () => number): WorkerDeps['store'];
  /** A child that opened messages was lost, and another takes its place. */
  readonly countPoolRestart: (reason: IncompleteReason) => void;
  /** Counts an alert of an author who tries out figures. */
  readonly countProbing: () => void;
}

const KINDS = ['email', 'draft', 'file'] as const;
const SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

export function createMessageMetrics(registry: Registry): MessageMetrics {
  const registers = [registry];
  // Every series is there from the start, at nought: a rate over one that appears with its first event misses that event.
  const counter = (name: string, help: string, labels: Readonly<Record<string, readonly string[]>>) => {
    const made = new Counter({ name, help, labelNames: Object.keys(labels), registers });
    for (const combination of combinations(labels)) made.inc(combination, 0);
    return made;
  };
  const histogram = (name: string, help: string, labelNames: readonly string[], buckets = SECONDS) =>
    new Histogram({ name, help, labelNames: [...labelNames], buckets, registers });

  const found = [...new Set([...detectors.map(({ name }) => name), 'batch'])];
  const judged = counter('holdfast_messages_judged_total', 'Messages judged, drafts that were only checked too.', {
    kind: KINDS,
    verdict: ['pass', 'flag', 'hold'],
  });
  const holds = counter(
    'holdfast_holds_total',
    'Messages judged to be held, by what was found in them; one counts for each of its reasons.',
    { reason: [...found, 'incomplete'] },
  );
  const incomplete = counter('holdfast_parts_incomplete_total', 'Parts that could not be looked at.', {
    reason: INCOMPLETE_REASONS,
  });
  const findings = counter('holdfast_findings_total', 'Findings by detector.', { detector: found });
  const received = counter('holdfast_messages_received_total', 'Messages taken or refused, by surface.', {
    surface: ['smtp', 'api', 'draft'],
    outcome: ['taken', 'refused'],
  });
  const recipients = counter(
    'holdfast_recipients_total',
    'Recipients by what the next hop made of them, at each attempt.',
    { outcome: ['delivered', 'deferred', 'failed'] },
  );
  const restarts = counter(
    'holdfast_pool_restarts_total',
    'Child processes that were lost while they opened a message, by why.',
    { reason: ['crashed', 'timed-out', 'too-large'] },
  );
  const probing = counter(
    'holdfast_probing_suspected_total',
    'Authors without access who tried out figures of a release.',
    {},
  );
  const judging = histogram(
    'holdfast_judge_duration_seconds',
    'Time from the start of opening a message to its verdict.',
    ['kind'],
  );
  const taking = histogram('holdfast_receive_duration_seconds', 'Time to take a message durably, by surface.', [
    'surface',
  ]);
  const delivering = histogram('holdfast_delivery_duration_seconds', 'Time of one transaction with the next hop.', []);
  const liftLag = histogram(
    'holdfast_lift_lag_seconds',
    'Time from the lift of a held message until it is scanned again.',
    [],
    [0.5, 1, 2, 5, 10, 30, 60, 300, 1800],
  );

  function watchEngine(engine: Engine): Engine {
    return {
      ...engine,
      async judge(request) {
        const stop = judging.startTimer({ kind: request.kind });
        const report = await engine.judge(request);
        stop();
        const { judgement } = report;
        judged.inc({ kind: request.kind, verdict: judgement.verdict });
        for (const { reason } of judgement.incomplete) incomplete.inc({ reason });
        for (const { detector } of judgement.findings) findings.inc({ detector });
        if (judgement.verdict === 'hold') {
          for (const reason of new Set(judgement.findings.map(({ detector }) => detector))) holds.inc({ reason });
          if (judgement.incomplete.length > 0) holds.inc({ reason: 'incomplete' });
        }
        return report;
      },
    };
  }

  const nextHops: NextHop[] = [];
  new Gauge({
    name: 'holdfast_next_hop_reached',
    help: 'Whether each next hop was reached when it was last tried; the least of all workers.',
    labelNames: ['hop'],
    aggregator: 'min',
    registers,
    collect() {
      const servers = nextHops.flatMap((nextHop) => nextHop.servers?.() ?? []);
      for (const { name, isReached } of servers) this.set({ hop: name }, isReached ? 1 : 0);
    },
  });

  return {
    watchEngines(engines) {
      const watched = new WeakMap<Engine, Engine>();
      return {
        ...engines,
        async current() {
          const engine = await engines.current();
          const known = watched.get(engine) ?? watchEngine(engine);
          watched.set(engine, known);
          return known;
        },
      };
    },
    watchNextHop(nextHop) {
      nextHops.push(nextHop);
      return {
        ...nextHop,
        async deliver(mail) {
          const stop = delivering.startTimer();
          const outcomes = await nextHop.deliver(mail);
          stop();
          for (const { outcome } of outcomes) recipients.inc({ outcome });
          return outcomes;
        },
      };
    },
    watchIntake(service) {
      async function count<T extends { readonly ok: boolean }>(surface: string, taken: Promise<T>): Promise<T> {
        const stop = taking.startTimer({ surface });
        const outcome = await taken;
        stop();
        received.inc({ surface, outcome: outcome.ok ? 'taken' : 'refused' });
        return outcome;
      }
      return {
        ...service,
        receive: (input) => count('smtp', service.receive(input)),
        submitMessage: (...input) => count('api', service.submitMessage(...input)),
        submitDraft: (...input) => count('draft', service.submitDraft(...input)),
      };
    },
    watchClaims(store, now) {
      return {
        ...store,
        async claimForScan(...call) {
          const claimed = await store.claimForScan(...call);
          const lift = claimed?.judgement?.holdUntil ?? null;
          if (lift !== null && lift <= now()) liftLag.observe((now() - lift) / 1000);
          return claimed;
        },
      };
    },
    countPoolRestart: (reason) => restarts.inc({ reason }),
    countProbing: () => probing.inc(),
  };
}

/** Every combination of the values that labels may take; one without labels for none. */
function combinations(labels: Readonly<Record<string, readonly string[]>>): readonly Record<string, string>[] {
  return Object.entries(labels).reduce<readonly Record<string, string>[]>(
    (made, [label, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))),
    [{}],
  );
}
