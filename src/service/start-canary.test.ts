import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbargoEntry } from '../core/entry.ts';
import type { MessageState } from '../core/message.ts';
import { type Canary, type CanaryReport, startCanary } from './start-canary.ts';

const NOW = Date.UTC(2016, 0, 20, 9, 22);
const LIFT = Date.UTC(2016, 0, 20, 9, 30);
const TIMES = { look: 5, limit: 30, again: 20 };

function anEntry(over: Partial<EmbargoEntry> = {}): EmbargoEntry {
  return {
    id: 'release',
    title: 'A release',
    producer: 'An office',
    series: null,
    page: null,
    subjects: ['labour-market'],
    from: NOW - 86_400_000,
    until: LIFT,
    zone: 'Europe/London',
    preRelease: null,
    custodians: [],
    status: 'scheduled',
    figures: [],
    public: [],
    quietUntil: null,
    ...over,
  };
}

let canary: Canary | null = null;
afterEach(() => canary?.stop());

function aTrial(state: (sent: number) => MessageState | null, entries = [anEntry()]) {
  const reports: CanaryReport[] = [];
  const said: string[] = [];
  const forgotten: string[] = [];
  let sent = 0;
  let current = entries;
  let clock = NOW;
  const write = (_fields: object, text: string) => void said.push(text);
  const started = startCanary({
    registers: async () => ({ embargoes: current, sensitivity: [] }),
    send: async () => `canary ${++sent}`,
    stateOf: async () => state(sent),
    forget: async (id) => void forgotten.push(id),
    end: 'delivered',
    now: () => clock,
    log: { info: write, warn: write, error: write },
    report: (report) => reports.push(report),
    times: TIMES,
  });
  canary = started;
  return {
    canary: started,
    reports,
    said,
    forgotten,
    sent: () => sent,
    turn(at: number, next = current) {
      clock = at;
      current = next;
    },
  };
}

describe('the canary before a lift', () => {
  it('goes once, leaves nothing behind and warns of nothing where all is well', async () => {
    const trial = aTrial(() => 'delivered', [anEntry(), anEntry({ id: 'another of the same time' })]);
    await sleep(60);
    expect(trial.reports).toEqual([{ lift: LIFT, isThrough: true, ms: expect.any(Number) }]);
    expect(trial.forgotten).toEqual(['canary 1']);
    expect(trial.canary.warnings()).toEqual([]);
  });

  it.each<[string, Partial<EmbargoEntry>]>([
    ['a lift that is far away', { until: NOW + 3_600_000 }],
    ['a lift that has been', { until: NOW - 1 }],
    ['a release that is postponed', { status: 'postponed' }],
    ['a release that is cancelled', { status: 'cancelled' }],
    ['a release that is out', { status: 'published' }],
  ])('does not go for %s', async (_what, over) => {
    const trial = aTrial(() => 'delivered', [anEntry(over)]);
    await sleep(30);
    expect(trial.sent()).toBe(0);
  });

  it.each<[MessageState, string]>([
    ['received', 'no worker has taken it'],
    ['scanning', 'not judged it'],
    ['held', 'held, though there is nothing in it'],
    ['delivering', 'the next hop does not take mail'],
  ])(
    'tells operators where one is stuck as %s, goes again, and is content once one gets through',
    async (state, why) => {
      let isMended = false;
      const trial = aTrial(() => (isMended ? 'delivered' : state));
      // The clock of judgements moves on, so that the next one is due.
      const ticking = setInterval(() => trial.turn(NOW + 60), 10);
      await sleep(400);
      expect(trial.canary.warnings()).toEqual([expect.stringContaining(why)]);
      expect(trial.said[0]).toContain(why);
      isMended = true;
      trial.turn(NOW + 120);
      clearInterval(ticking);
      await sleep(400);
      expect(trial.canary.warnings()).toEqual([]);
      expect(trial.reports.at(-1)?.isThrough).toBe(true);
      expect(trial.forgotten).toHaveLength(trial.sent());
    },
  );

  it('warns no more of a lift that was put off', async () => {
    const trial = aTrial(() => 'held');
    await sleep(40);
    expect(trial.canary.warnings()).toHaveLength(1);
    trial.turn(NOW, [anEntry({ until: LIFT + 86_400_000 })]);
    await sleep(40);
    expect(trial.canary.warnings()).toEqual([]);
  });
});
