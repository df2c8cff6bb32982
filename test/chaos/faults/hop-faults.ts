import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import type { Manner } from '../sink.ts';
import type { Weather } from '../tcp-proxy.ts';

const MANNERS: readonly Manner[] = [
  'says 451',
  'says 554',
  'hangs up before it takes the message',
  'takes the message and hangs up',
  'says 250 before the message is there',
  'says nothing sensible',
  'is silent',
];
const WEATHERS: readonly Weather[] = ['slow', 'refuses', 'drops within a message', 'swallows'];
const QUICK: readonly string[] = ['takes the message and hangs up', 'says 250 before the message is there'];

export const hopFaults: readonly Fault[] = [
  ...MANNERS.map(
    (manner): Fault => ({
      name: `next hop ${manner}`,
      isQuick: QUICK.includes(manner),
      async strike(field, random) {
        field.sink.manner = manner;
        await sleep(500 + random() * 1500);
        field.sink.manner = 'well';
        field.sink.hangUp();
        // Replies that were on their way are lost with their connections.
        await field.noteWindow();
        return [];
      },
    }),
  ),
  ...WEATHERS.map(
    (weather): Fault => ({
      name: `network to the next hop: ${weather}`,
      async strike(field, random) {
        field.hop.weather = weather;
        await sleep(500 + random() * 1500);
        field.hop.weather = 'well';
        field.hop.breakAll();
        await field.noteWindow();
        return [];
      },
    }),
  ),
];
