import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../core/entry.ts';
import type { Oversight } from '../../service/oversight-desk.ts';
import type { Service } from '../../service/service.ts';
import type { Overview } from '../../service/stores.ts';
import { type PageRoute, page, pageOf } from './page-route.ts';
import { nextCoverage } from './release-coverage.ts';
import { PAGE_ZONE, showDuration } from './show-time.ts';

const DAYS = 14;
const CHART = { width: 960, height: 220, left: 60, top: 10, bottom: 30, gap: 10 };

const ACTION_WORDS = {
  release: 'Released',
  reject: 'Rejected',
  'release-at-lift': 'Set to go at the lift',
  'release-eligible': 'Released to those who may have it',
  ask: 'Asked the sender',
} as const;

/** What was held, flagged and decided, for those who oversee. */
export function oversightPages(service: Service): readonly PageRoute[] {
  return [
    {
      method: 'get',
      path: '/oversight',
      roles: ['auditor', 'admin'],
      handle: async ({ caller }) => {
        const now = service.clock.now();
        const [registers, more, counted] = await Promise.all([
          service.registers(caller),
          service.oversight(DAYS, caller),
          service.oversee(DAYS, caller),
        ]);
        const known = registers.ok ? [...registers.value.embargoes, ...registers.value.sensitivity] : [];
        return pageOf(counted, (overview) => {
          const days = everyDay(overview.days, now);
          return page('oversight.njk', {
            days,
            chart: chartOf(days),
            ...(more.ok ? showOversight(more.value, known, caller.roles.includes('reviewer')) : {}),
            coverage: registers.ok ? nextCoverage(registers.value, now) : null,
            held: overview.heldNow,
            oldest: overview.oldestHeld === null ? null : Math.max(0, now - overview.oldestHeld),
            lifts: overview.lifts,
            entries: overview.entries.map((row) => ({
              ...row,
              title: known.find(({ id }) => id === row.entry)?.title ?? row.entry,
            })),
            decisions: overview.decisions.map(({ action, count, medianMinutes }) => ({
              words: ACTION_WORDS[action],
              count,
              median: medianMinutes === null ? null : showDuration(medianMinutes * 60_000),
            })),
          });
        });
      },
    },
  ];
}

const NEAR_MISS_WORDS = {
  reject: 'Rejected',
  'release-at-lift': 'Made to wait for the lift',
  'release-eligible': 'Sent to those alone who may have it',
} as const;

function showOversight(
  { rules, incomplete, waits, nearMisses }: Oversight,
  known: readonly { readonly id: string; readonly title: string }[],
  mayReview: boolean,
) {
  const most = Math.max(1, ...rules.map(({ held }) => held));
  const mostWaits = Math.max(1, ...waits.map(({ decisions }) => decisions));
  const mostParts = Math.max(1, ...incomplete.map(({ messages }) => messages));
  return {
    rules: rules.map((row) => {
      const [detector = '', ...rule] = row.rule.split('/');
      return {
        ...row,
        detector,
        rule: rule.join('/'),
        share: share(row.held, most),
        released100: share(row.released, most),
      };
    }),
    incomplete: incomplete.map((row) => ({ ...row, share: share(row.messages, mostParts) })),
    waits: waits.map(({ upTo, decisions }) => ({ upTo, decisions, share: share(decisions, mostWaits) })),
    nearMisses: nearMisses.map(({ id, at, sender, lift, entries, rules: by, action }) => ({
      id,
      at,
      sender,
      link: mayReview,
      words: NEAR_MISS_WORDS[action],
      before: lift !== null && lift > at ? lift - at : null,
      entries: entries.map((entry) => known.find((one) => one.id === entry)?.title ?? entry),
      by: [...new Set(by.map((rule) => rule.split('/')[0] ?? rule))],
    })),
  };
}

/** Width of a bar, of 100. */
function share(count: number, most: number): number {
  return Math.round((count / most) * 100);
}

type Day = Overview['days'][number];

/** Each day up to today, the quiet ones too: a gap in a chart must not look like a day that was not counted. */
export function everyDay(counted: readonly Day[], now: Instant): readonly Day[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(PAGE_ZONE).toPlainDate();
  return Array.from({ length: DAYS }, (_, index) => {
    const day = today.subtract({ days: DAYS - 1 - index }).toString();
    return counted.find((one) => one.day === day) ?? { day, pass: 0, flag: 0, hold: 0 };
  });
}

/** Bars of the days, what was held at the bottom where it is easiest to compare. */
export function chartOf(days: readonly Day[]) {
  const { width, height, left, top, bottom, gap } = CHART;
  const most = Math.max(1, ...days.map(({ pass, flag, hold }) => pass + flag + hold));
  const step = (width - left) / days.length;
  const scale = (height - top - bottom) / most;
  const bars = days.map(({ day, pass, flag, hold }, index) => {
    let y = height - bottom;
    const pieces = (['hold', 'flag', 'pass'] as const).map((verdict) => {
      const tall = { pass, flag, hold }[verdict] * scale;
      y -= tall;
      return { verdict, y: round(y), height: round(tall) };
    });
    return { x: round(left + index * step + gap / 2), width: round(step - gap), label: shortDay(day), pieces };
  });
  return { width, height, left, base: height - bottom, top, most, bars };
}

function shortDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
}

const round = (value: number) => Math.round(value * 10) / 10;
