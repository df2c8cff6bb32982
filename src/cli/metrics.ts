import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

import type { Engine } from '../scan/engine.ts';
import type { EngineSource } from '../service/engine-source.ts';
import type { NextHop } from '../service/next-hop.ts';
import type { Service } from '../service/service.ts';
import type { MessageRecord } from '../service/stores.ts';

/**
 * What a process measures, in Prometheus' terms. Labels are states, kinds and reasons: never an address, an entry or a rule,
 * so that nothing here tells of one message or one figure (promises 4 and 5).
 */
export interface Metrics {
  readonly registry: Registry;
  watchEngines(engines: EngineSource): EngineSource;
  watchNextHop(nextHop: NextHop): NextHop;
  watchIntake(service: Service): Service;
  /** Counts an alert of an author who tries out figures. */
  readonly countProbing: () => void;
  /** What waits in the record, asked at each scrape. */
  watchRecord(messages: Pick<MessageRecord, 'countWaiting'>): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const judged = new Counter({
    name: 'holdfast_messages_judged_total',
    help: 'Messages judged, drafts that were only checked too.',
    labelNames: ['kind', 'verdict'],
    registers,
  });
  const incomplete = new Counter({
    name: 'holdfast_parts_incomplete_total',
    help: 'Parts that could not be looked at.',
    labelNames: ['reason'],
    registers,
  });
  const found = new Counter({
    name: 'holdfast_findings_total',
    help: 'Findings by detector.',
    labelNames: ['detector'],
    registers,
  });
  const seconds = new Histogram({
    name: 'holdfast_judge_duration_seconds',
    help: 'Time from the start of opening a message to its verdict.',
    labelNames: ['kind'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    registers,
  });
  const delivered = new Counter({
    name: 'holdfast_recipients_total',
    help: 'Recipients by what the next hop made of them, at each attempt.',
    labelNames: ['outcome'],
    registers,
  });
  const probing = new Counter({
    name: 'holdfast_probing_suspected_total',
    help: 'Authors without access who tried out figures of a release.',
    registers,
  });
  const received = new Counter({
    name: 'holdfast_messages_received_total',
    help: 'Messages taken or refused, by surface.',
    labelNames: ['surface', 'outcome'],
    registers,
  });

  function watchEngine(engine: Engine): Engine {
    return {
      ...engine,
      async judge(request) {
        const stop = seconds.startTimer({ kind: request.kind });
        const report = await engine.judge(request);
        stop();
        judged.inc({ kind: request.kind, verdict: report.judgement.verdict });
        for (const { reason } of report.judgement.incomplete) incomplete.inc({ reason });
        for (const { detector } of report.judgement.findings) found.inc({ detector });
        return report;
      },
    };
  }

  return {
    registry,
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
      return {
        ...nextHop,
        async deliver(mail) {
          const outcomes = await nextHop.deliver(mail);
          for (const { outcome } of outcomes) delivered.inc({ outcome });
          return outcomes;
        },
      };
    },
    watchIntake(service) {
      const count = (surface: string, outcome: { readonly ok: boolean }) =>
        received.inc({ surface, outcome: outcome.ok ? 'taken' : 'refused' });
      return {
        ...service,
        async receive(input) {
          const outcome = await service.receive(input);
          count('smtp', outcome);
          return outcome;
        },
        async submitMessage(...input) {
          const outcome = await service.submitMessage(...input);
          count('api', outcome);
          return outcome;
        },
        async submitDraft(...input) {
          const outcome = await service.submitDraft(...input);
          count('draft', outcome);
          return outcome;
        },
      };
    },
    countProbing: () => probing.inc(),
    watchRecord(messages) {
      const overdue = new Gauge({
        name: 'holdfast_overdue_seconds',
        help: 'Longest time that a message has been due for scanning or delivery.',
        labelNames: ['stage'],
        registers,
      });
      new Gauge({
        name: 'holdfast_messages',
        help: 'Messages in the record that are not at their end, by state.',
        labelNames: ['state'],
        registers,
        async collect() {
          const counts = await messages.countWaiting();
          for (const [state, count] of Object.entries(counts.messages)) this.set({ state }, count);
          for (const [stage, value] of Object.entries(counts.overdueSeconds)) overdue.set({ stage }, value);
        },
      });
    },
  };
}

/** One text over this process and its workers. */
export async function exposeMetrics(
  registry: Registry,
  workers: readonly object[],
): Promise<{ readonly contentType: string; readonly text: string }> {
  const own = await registry.getMetricsAsJSON();
  const all = AggregatorRegistry.aggregate([own, ...workers]);
  return { contentType: registry.contentType, text: await all.metrics() };
}
