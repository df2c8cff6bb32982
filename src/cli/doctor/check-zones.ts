import { type Diagnosis, fault, warning, well } from './diagnosis.ts';

/** Zone data that say this of the past say the right thing of releases: one instant each side of a clock change. */
const KNOWN: readonly (readonly [zone: string, at: string, clock: string])[] = [
  ['Europe/London', '2026-03-29T00:59:00Z', '00:59'],
  ['Europe/London', '2026-03-29T01:00:00Z', '02:00'],
  ['Europe/London', '2026-10-25T01:00:00Z', '01:00'],
  ['America/New_York', '2026-03-08T07:00:00Z', '03:00'],
  ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '05:45'],
];
const OLD_YEARS = 3;

/** What time a wall clock shows: as the judgements read it, in 24 hours. */
export type ShowClock = (at: Date, zone: string) => string;

/** Whether the zone data are there, right, and of these years; `version` as `2026a`. */
export function checkZones(
  now: number,
  version: string | undefined,
  show: ShowClock = showClock,
): readonly Diagnosis[] {
  const check = 'zone data';
  const remedy = 'use a Node with full ICU data (unset NODE_ICU_DATA), of the version that package.json names';
  for (const [zone, at, clock] of KNOWN) {
    let shown: string;
    try {
      shown = show(new Date(at), zone);
    } catch {
      return [fault(check, `there is no zone ${zone}`, remedy)];
    }
    if (shown !== clock) {
      return [
        fault(
          check,
          `${zone} shows ${shown} at ${at}, and ${clock} is right: releases would lift at the wrong hour`,
          remedy,
        ),
      ];
    }
  }
  const year = Number(/^\d{4}/.exec(version ?? '')?.[0]);
  if (new Date(now).getUTCFullYear() - year > OLD_YEARS) {
    return [warning(check, `they are of ${version}`, 'update Node: zones change their rules')];
  }
  return [well(check, version ?? 'there')];
}

function showClock(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}
