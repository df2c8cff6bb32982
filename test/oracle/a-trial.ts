import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScriptedServer } from '../gateway/scripted-server.ts';
import { aDatabase, type TestDatabase } from '../services/a-database.ts';
import { freePort } from '../services/free-port.ts';
import { hasRedis } from '../services/real-servers.ts';
import { type HoldfastTree, startHoldfast } from '../services/start-holdfast.ts';
import { startRedis } from '../services/start-redis.ts';

/** Holdfast as it runs in service, over one release with given figures: its own database, Redis where there is one, and a next hop that refuses. */
export interface Trial {
  readonly holdfast: HoldfastTree;
  readonly database: TestDatabase;
  readonly milterPort: number;
  readonly registers: string;
  /** Mails that the next hop took: delivery notices, and notices to senders. */
  readonly delivered: () => readonly string[];
  /** Every command that Redis was given. */
  readonly redisSaid: () => string;
  /** A server of its own over the same store, where a change of the registers needs a second person; the first one's worker works for it. */
  fourEyes(): Promise<HoldfastTree>;
  /** What all of them wrote. */
  readonly said: () => string;
  close(): Promise<void>;
}

export interface TrialFigures {
  readonly employmentRate: string;
  readonly unemploymentRate: string;
  readonly peopleInWork: string;
}

export const NOW = '2016-01-20T09:22:00Z';
export const PASSWORD = 'correct horse';

function entry(figures: TrialFigures): string {
  return `id: labour-market-2016-01
title: UK Labour Market, January 2016
producer: Office of Examples
subjects: [labour-market]
embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }
preRelease:
  opens: "2016-01-19T09:30"
  access: [{ email: analyst@department.example }]
figures:
  - { measure: employment-rate, value: ${figures.employmentRate}, unit: percent }
  - { measure: unemployment-rate, value: ${figures.unemploymentRate}, unit: percent }
  - { measure: people-in-work, value: ${figures.peopleInWork}, unit: count }
public:
  - { measure: employment-rate, value: 73.9, unit: percent, release: labour-market-2015-12 }
`;
}

export async function startTrial(figures: TrialFigures): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-oracle-'));
  const registers = join(folder, 'registers');
  mkdirSync(join(registers, 'embargoes'), { recursive: true });
  writeFileSync(join(registers, 'embargoes', 'labour-market.yaml'), entry(figures));
  const database = await aDatabase();
  const redis = hasRedis ? await startRedis() : null;
  const monitor = redis === null ? null : await listen(Number(new URL(redis.url).port));
  const refused = (command: string): string | undefined =>
    command.startsWith('RCPT') && command.includes('nobody@') ? '550 5.1.1 no such user' : undefined;
  const nextHop = await startScriptedServer(refused);
  const milterPort = await freePort();
  const settings = {
    HOLDFAST_NOW: NOW,
    HOLDFAST_LOG: 'debug',
    DATABASE_URL: database.url,
    HOLDFAST_MILTER: `127.0.0.1:${milterPort}`,
    HOLDFAST_NEXT_HOP: `127.0.0.1:${nextHop.port}`,
    HOLDFAST_ADMIN_PASSWORD: PASSWORD,
    HOLDFAST_NOTICES_FROM: 'holdfast@department.example',
    HOLDFAST_NOTICES_DIGEST_HOUR: '0',
    HOLDFAST_WORKERS: '1',
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
  };
  const holdfast = await startHoldfast(folder, settings);
  const { HOLDFAST_MILTER: _milter, ...others } = settings;
  const trees = [holdfast];
  return {
    holdfast,
    async fourEyes() {
      const more = await startHoldfast(mkdtempSync(join(folder, 'web-')), {
        ...others,
        HOLDFAST_KEY_FILE: join(folder, 'keys.json'),
        HOLDFAST_WORKERS: '0',
        HOLDFAST_FOUR_EYES: 'yes',
      });
      trees.push(more);
      return more;
    },
    said: () => trees.map((tree) => tree.said()).join(''),
    database,
    milterPort,
    registers,
    delivered: () => nextHop.mail.map(({ data }) => data.toString('latin1')),
    redisSaid: () => monitor?.said() ?? '',
    async close() {
      await Promise.all(trees.map((tree) => tree.stop()));
      await nextHop.close();
      monitor?.socket.destroy();
      await redis?.stop();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listen(port: number): Promise<{ readonly socket: Socket; readonly said: () => string }> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  socket.write('MONITOR\r\n');
  return { socket, said: () => said };
}
