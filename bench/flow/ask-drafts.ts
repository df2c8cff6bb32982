// A thread that checks a draft now and then, so that what it waits is the server's and not that of whoever sends the mail.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

export interface DraftAsking {
  readonly http: string;
  readonly token: string;
  readonly everyMs: number;
}

const { http, token, everyMs } = workerData as DraftAsking;
const times: number[] = [];
const going = new Set<Promise<void>>();
let isOver = false;
parentPort?.once('message', () => {
  isOver = true;
});

/** Notes the milliseconds until the verdict. */
async function ask(): Promise<void> {
  const start = performance.now();
  const answer = await fetch(`${http}/v1/drafts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      text: 'Record employment again this month!',
      channel: 'social',
      author: 'press@department.example',
    }),
  });
  const { verdict } = (await answer.json()) as { readonly verdict?: string };
  if (verdict !== 'hold') throw new Error(`a draft was answered ${answer.status} ${verdict}`);
  times.push(performance.now() - start);
}

while (!isOver) {
  const one = ask().finally(() => going.delete(one));
  going.add(one);
  await sleep(everyMs);
}
await Promise.all(going);
parentPort?.postMessage(times);
