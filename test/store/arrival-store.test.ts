import { idsFrom, newMessageId } from '../../src/service/message-id.ts';
import { createMessageStore } from '../../src/store/message-store.ts';
import { createArrivalStore } from '../../src/store/messages/arrival-store.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await aDatabase();
}, 60_000);
afterAll(() => database.close());

async function insert(gateway: string, digest: string): Promise<string> {
  const id = newMessageId();
  await createMessageStore(database.pool, storeKeys(), () => 0).insert({
    id,
    kind: 'email',
    receivedAt: 0,
    publishAt: null,
    envelope: { from: 'a@one.example', to: ['b@two.example'] },
    messageId: null,
    content: Buffer.from('x'),
    transport: { arrival: { gateway, digest } },
  });
  return id;
}

test('a gateway that is gone leaves what it may not have answered, to all others, until it is forgotten', async () => {
  const arrivals = createArrivalStore(database.pool);
  await insert('dead', 'sure');
  await new Promise((resolve) => setTimeout(resolve, 5));
  await arrivals.mark('dead', idsFrom(Date.now()));
  await arrivals.mark('alive', idsFrom(0));
  const id = await insert('dead', 'unsure');
  await insert('alive', 'not its own');
  await arrivals.adopt((gateway, silentMs) => gateway === 'dead' && silentMs < 60_000);
  expect(await arrivals.noted(60_000)).toEqual([{ digest: 'unsure', id, fromId: id, untilId: id }]);
  await arrivals.adopt(() => false);
  await arrivals.forget('unsure');
  expect(await arrivals.noted(60_000)).toEqual([]);
  await arrivals.end('alive');
});

test('a commit that nobody heard of is found by its digest among the ids of its time, and nowhere else', async () => {
  const arrivals = createArrivalStore(database.pool);
  const from = idsFrom(Date.now());
  const id = await insert('one', 'digest');
  const unsure = { digest: 'digest', id: null, fromId: from, untilId: idsFrom(Date.now() + 1000) };
  expect(await arrivals.find(unsure)).toBe(id);
  expect(await arrivals.find({ ...unsure, digest: 'other' })).toBeNull();
  expect(await arrivals.find({ ...unsure, untilId: from })).toBeNull();
  await arrivals.note(unsure);
  await arrivals.note({ ...unsure, fromId: idsFrom(0) });
  expect(await arrivals.noted(60_000)).toEqual([{ ...unsure, fromId: idsFrom(0) }]);
  await arrivals.tidyUp(0);
  expect(await arrivals.noted(60_000)).toEqual([]);
});
