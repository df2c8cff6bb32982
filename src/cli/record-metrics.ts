import { Gauge, type Registry } from 'prom-client';

import type { MessageRecord, WaitingCounts } from '../service/stores.ts';

type Values = Readonly<Record<string, number>>;

/** Measures what waits in the record, asked once at each scrape; where the database does not answer these series are absent, and the rest is there. */
export function watchRecord(registry: Registry, messages: Pick<MessageRecord, 'countWaiting'>): void {
  let asked: Promise<WaitingCounts | null> | null = null;
  /** The gauges of a scrape share one question. */
  const ask = () => {
    asked ??= messages
      .countWaiting()
      .catch(() => null)
      .finally(() => {
        asked = null;
      });
    return asked;
  };

  const gauge = (name: string, help: string, label: string | null, read: (counts: WaitingCounts) => Values) =>
    new Gauge({
      name,
      help,
      labelNames: label === null ? [] : [label],
      registers: [registry],
      async collect() {
        const counts = await ask();
        // Old figures would tell of a queue that nobody has looked at.
        this.reset();
        if (counts === null) {
          if (label === null) this.remove();
          return;
        }
        for (const [value, count] of Object.entries(read(counts))) {
          this.set(label === null ? {} : { [label]: value }, Math.max(0, count));
        }
      },
    });

  gauge(
    'holdfast_messages',
    'Messages in the record that are not at their end, by state.',
    'state',
    (counts) => counts.messages,
  );
  gauge(
    'holdfast_overdue_seconds',
    'Longest time that a message has been due for scanning, for delivery, or for its scan at the lift.',
    'stage',
    (counts) => counts.overdueSeconds,
  );
  gauge('holdfast_held_messages', 'Messages held, by what will end it.', 'waits_for', (counts) => counts.held);
  gauge('holdfast_oldest_held_seconds', 'Longest time that a message has waited for a reviewer.', null, (counts) => ({
    seconds: counts.oldestHeldSeconds,
  }));
}
