import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CanaryReport } from '../service/start-canary.ts';
import type { MessageRecord } from '../service/stores.ts';
import type { RequestSeen } from '../web/web-options.ts';
import { createMessageMetrics, type MessageMetrics } from './message-metrics.ts';
import { watchRecord } from './record-metrics.ts';

/**
 * What a process measures, in Prometheus' terms. Labels are states, kinds and reasons: never an address, an entry or a rule,
 * so that nothing here tells of one message or one figure (promises 4 and 5).
 */
export interface Metrics extends MessageMetrics {
  readonly registry: Registry;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Gauges that are named like counters; their parts by type stay.
  for (const resource of ['handles', 'requests', 'resources']) {
    registry.removeSingleMetric(`nodejs_active_${resource}_total`);
  }
  return { registry, ...createMessageMetrics(registry) };
}

/** What the server measures besides: the record, itself and its workers, and what HTTP callers get. */
export interface ServerMetrics {
  watchRecord(messages: Pick<MessageRecord, 'countWaiting'>): void;
  /** `1` where mail can be judged; asked at each scrape. */
  watchReadiness(readiness: () => Promise<readonly string[]>): void;
  /** Measures when the terms of what is stored were last kept. */
  watchTidying(messages: Pick<MessageRecord, 'tidyUp'>, now: () => number): Pick<MessageRecord, 'tidyUp'>;
  /** How the canary before a lift fared. */
  readonly noteCanary: (report: CanaryReport) => void;
  readonly countWorkerRestart: () => void;
  readonly countRequest: (seen: RequestSeen) => void;
  readonly countWebhook: (outcome: 'delivered' | 'deferred' | 'given-up') => void;
}

export function createServerMetrics(registry: Registry, version: string, isClockFixed: boolean): ServerMetrics {
  const registers = [registry];
  new Gauge({
    name: 'holdfast_build_info',
    help: 'The version that runs; always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  new Gauge({
    name: 'holdfast_clock_fixed',
    help: 'Whether HOLDFAST_NOW fixes the clock of judgements, which is for trials alone.',
    registers,
  }).set(isClockFixed ? 1 : 0);
  const restarts = new Counter({
    name: 'holdfast_worker_restarts_total',
    help: 'Worker processes that ended unasked and were started again.',
    registers,
  });
  const tidied = new Gauge({
    name: 'holdfast_tidied_timestamp_seconds',
    help: 'When expired holds and old content were last looked for, without a failure.',
    registers,
  });
  const canary = new Gauge({
    name: 'holdfast_canary_through',
    help: 'Whether the last canary before a lift got through to the next hop; absent before the first.',
    registers,
  });
  canary.remove();
  const canarySeconds = new Gauge({
    name: 'holdfast_canary_seconds',
    help: 'How long the last canary before a lift took, or was waited for.',
    registers,
  });
  canarySeconds.remove();
  const requests = new Histogram({
    name: 'holdfast_http_request_duration_seconds',
    help: 'Time of HTTP requests, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers,
  });
  const webhooks = new Counter({
    name: 'holdfast_webhook_attempts_total',
    help: 'Attempts to tell a webhook of an event, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['delivered', 'deferred', 'given-up']) webhooks.inc({ outcome }, 0);
  return {
    watchRecord: (messages) => watchRecord(registry, messages),
    watchReadiness(readiness) {
      new Gauge({
        name: 'holdfast_ready',
        help: 'Whether mail can be judged; /readyz says what is wrong.',
        registers,
        async collect() {
          const faults = await readiness().catch(() => ['unknown']);
          this.set(faults.length === 0 ? 1 : 0);
        },
      });
    },
    watchTidying(messages, now) {
      return {
        async tidyUp(retention) {
          const done = await messages.tidyUp(retention);
          tidied.set(now() / 1000);
          return done;
        },
      };
    },
    noteCanary({ isThrough, ms }) {
      canary.set(isThrough ? 1 : 0);
      canarySeconds.set(ms / 1000);
    },
    countWorkerRestart: () => restarts.inc(),
    countRequest: ({ method, route, status, seconds }) =>
      requests.observe({ method, route: route ?? 'none', status: String(status) }, seconds),
    countWebhook: (outcome) => webhooks.inc({ outcome }),
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
