import { setTimeout as sleep } from 'node:timers/promises';
import { readAll } from '../../src/core/byte-source.ts';
import type { Engine } from '../../src/scan/engine.ts';
import { deliverMessage } from '../../src/service/deliver-message.ts';
import { judgeMessage } from '../../src/service/judge-message.ts';
import { silentLog } from '../../src/service/log.ts';
import { newMessageId } from '../../src/service/message-id.ts';
import type { NextHop } from '../../src/service/next-hop.ts';
import type { MessageRecord } from '../../src/service/stores.ts';
import { createMessageStore } from '../../src/store/message-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

const MAILS = 90;
const PROCESSES = 6;
const LEASE_MS = 2_000;
const SEED = 20160120;

let database: TestDatabase;
let store: MessageRecord;
beforeAll(async () => {
  database = await aDatabase();
  store = createMessageStore(database.pool, storeKeys(), () => Date.now());
});
afterAll(() => database.close());

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Died extends Error {}

/** A process that may die before or after any step it takes with the store, and then does nothing more, not even give back its claim. */
function mortal(random: () => number): { readonly store: MessageRecord; readonly isDead: () => boolean } {
  let isDead = false;
  const chance = () => {
    if (!isDead && random() < 0.04) isDead = true;
    if (isDead) throw new Died();
  };
  const step =
    <A extends readonly unknown[], T>(run: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      chance();
      const result = await run(...args);
      chance();
      return result;
    };
  return {
    isDead: () => isDead,
    store: {
      ...store,
      content: step(store.content),
      claimForScan: step((id: string, worker: string) => store.claimForScan(id, worker, LEASE_MS)),
      recordJudgement: step(store.recordJudgement),
      releaseClaim: step(store.releaseClaim),
      renewClaim: step((id: string, worker: string) => store.renewClaim(id, worker, LEASE_MS)),
      claimForDelivery: step((id: string, worker: string) => store.claimForDelivery(id, worker, LEASE_MS)),
      recordDelivery: step(store.recordDelivery),
    },
  };
}

const engine: Engine = {
  registers: { embargoes: [], sensitivity: [] },
  rulesVersion: 'rules-1',
  async judge({ source, now }) {
    const isHeld = Buffer.from(await readAll(source)).includes('HOLD');
    return {
      judgement: { verdict: isHeld ? 'hold' : 'pass', holdUntil: null, effectiveAt: now, findings: [], incomplete: [] },
      opened: { parts: [], headers: null },
      parties: { from: null, to: [] },
      rulesVersion: 'rules-1',
    };
  },
};

it('nothing is lost, nothing leaks and nothing is doubled without a crash, whatever process dies at whatever step', async () => {
  const random = randomFrom(SEED);
  const arrived: string[] = [];
  const leaked: string[] = [];
  let crashesAfterDelivery = 0;
  const nextHop: NextHop = {
    name: 'sink',
    async deliver(mail) {
      const id =
        /^X-Holdfast-Id: (\w+)/.exec(
          Buffer.concat(mail.content.filter((piece) => piece instanceof Uint8Array)).toString('latin1'),
        )?.[1] ?? '';
      // What is committed at this moment, as another process sees it.
      const { rows } = await database.pool.query('select verdict from message where id = $1', [id]);
      if (rows[0]?.verdict !== 'pass') leaked.push(id);
      arrived.push(id);
      return mail.to.map((recipient) => ({ recipient, outcome: 'delivered', reply: '250 ok' }));
    },
    close: async () => {},
  };
  const ids = new Map<string, 'HOLD' | 'PASS'>();
  for (let n = 0; n < MAILS; n++) {
    const id = newMessageId();
    const kind = n % 3 === 0 ? 'HOLD' : 'PASS';
    ids.set(id, kind);
    await store.insert({
      id,
      kind: 'email',
      receivedAt: Date.now(),
      publishAt: null,
      envelope: { from: 'a@department.example', to: ['b@paper.example'] },
      messageId: null,
      content: Buffer.from(`Subject: ${n}\r\n\r\n${kind}\r\n`),
      transport: {},
    });
  }

  let claims = 0;
  const isOver = async () =>
    (await database.pool.query(`select from message where state not in ('held', 'delivered')`)).rowCount === 0;
  async function live(): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!(await isOver()) && performance.now() < deadline) {
      const process = mortal(random);
      const before = arrived.length;
      for (const { kind, id } of await store.pending(Date.now(), 5, ['scan', 'deliver'])) {
        claims += 1;
        const deps = { store: process.store, now: () => Date.now(), log: silentLog };
        const work =
          kind === 'scan'
            ? judgeMessage(id, `p/${claims}`, { ...deps, engine: async () => engine })
            : deliverMessage(id, `p/${claims}`, {
                ...deps,
                nextHop,
                random,
                newId: () => newMessageId(),
                host: 'here',
                // The dead record nothing more.
                recordPatienceMs: 0,
              });
        await work.catch((error: unknown) => {
          if (!(error instanceof Died)) throw error;
        });
        if (process.isDead()) break;
      }
      if (process.isDead() && arrived.length > before) crashesAfterDelivery += 1;
      await sleep(10);
    }
  }
  await Promise.all(Array.from({ length: PROCESSES }, live));

  const { rows } = await database.pool.query<{ id: string; state: string }>('select id, state from message');
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const held = [...ids].filter(([, kind]) => kind === 'HOLD').map(([id]) => id);
  const passed = [...ids].filter(([, kind]) => kind === 'PASS').map(([id]) => id);
  expect(leaked).toEqual([]);
  expect(held.filter((id) => arrived.includes(id) || states.get(id) !== 'held')).toEqual([]);
  // A mail that every process died of is held as well: the fourth time it may be the mail.
  expect(passed.filter((id) => !arrived.includes(id) && states.get(id) !== 'held')).toEqual([]);
  expect(passed.filter((id) => states.get(id) === 'delivered').length).toBeGreaterThan(passed.length * 0.8);
  const doubled = arrived.length - new Set(arrived).size;
  expect(doubled).toBeLessThanOrEqual(crashesAfterDelivery);
}, 90_000);
