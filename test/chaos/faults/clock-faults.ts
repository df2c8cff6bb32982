import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { type Field, LIFT } from '../field.ts';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const DAY = 86_400_000;

/** A tree under a clock that the harness sets while it runs, by libfaketime; PostgreSQL keeps its own. */
async function underClock(
  field: Field,
  work: (set: (now: number) => void) => Promise<void>,
): Promise<readonly string[]> {
  if (!existsSync(LIBRARY)) return ['libfaketime is not there, install Debian’s faketime'];
  const file = join(field.folder, 'clock');
  let offset = 0;
  const set = (now: number) => {
    offset = Math.round((now - Date.now()) / 1000);
    writeFileSync(file, `${offset < 0 ? '' : '+'}${offset}`);
  };
  const now = () => Date.now() + offset * 1000;
  set(LIFT - 8 * 60_000);
  await field.tree.stop();
  await field.restart(
    {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    now,
  );
  await work(set);
  // Under a clock that is set back to before the lift nothing may be on its way that a later one let go.
  field.isPaused = true;
  const gone = await field.drained(90_000);
  await field.tree.stop();
  await field.restart();
  field.isPaused = false;
  return gone ? [] : ['mail was still under way when the clock was set back'];
}

export const clockFaults: readonly Fault[] = [
  {
    name: 'clock: back by a day, and again',
    pauseMs: 50,
    strike: (field) =>
      underClock(field, async (set) => {
        await sleep(800);
        set(LIFT - 8 * 60_000 - DAY);
        await sleep(2000);
        set(LIFT - 8 * 60_000);
        await sleep(800);
      }),
  },
  {
    name: 'clock: over the lift, second by second',
    pauseMs: 50,
    strike: (field) =>
      underClock(field, async (set) => {
        set(LIFT - 4000);
        await sleep(7000);
      }),
  },
  {
    name: 'clock: forward by a day',
    pauseMs: 50,
    strike: (field) =>
      underClock(field, async (set) => {
        await sleep(800);
        set(LIFT + DAY);
        await sleep(3000);
      }),
  },
];
