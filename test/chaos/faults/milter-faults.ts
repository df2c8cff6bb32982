import { setTimeout as sleep } from 'node:timers/promises';
import { startPostfix } from '../../services/start-postfix.ts';
import { expectThat, type Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { Lane } from '../lanes.ts';

/** A Postfix of its own asks Holdfast's milter while it is broken; what should be refused may be answered 4xx or 5xx, never 250. */
async function throughMilter(field: Field, round: number, breakIt: () => Promise<void>): Promise<readonly string[]> {
  const postfix = await startPostfix({
    filterPort: null,
    sinkPort: field.sink.port,
    main: [
      `smtpd_milters = inet:127.0.0.1:${field.milterPort}`,
      'milter_protocol = 6',
      'milter_default_action = tempfail',
      'milter_content_timeout = 8s',
      'milter_command_timeout = 4s',
      'milter_connect_timeout = 4s',
    ],
  });
  try {
    let isOver = false;
    const place = { ledger: field.ledger, port: () => postfix.port, hears: () => true };
    const lanes = ['ma', 'mb', 'mc'].map((name) => new Lane(`${name}${round}`, place));
    const sending = lanes.map((lane) => lane.run(round, () => isOver));
    await sleep(500);
    await breakIt();
    await sleep(1500);
    isOver = true;
    await Promise.all(sending);
    await Promise.all(lanes.map((lane) => lane.finish(30_000)));
    const deadline = performance.now() + 20_000;
    while (postfix.queued().length > 0 && performance.now() < deadline) await sleep(200);
    const refused = lanes.flatMap((lane) => lane.refused);
    return [
      ...expectThat(postfix.queued().length === 0, 'mail is left in the queue of the Postfix with the milter'),
      ...expectThat(
        refused.every((token) => !token.startsWith('c')),
        `a clean mail was refused: ${refused.find((token) => token.startsWith('c'))}`,
      ),
    ];
  } finally {
    postfix.stop();
  }
}

export const milterFaults: readonly Fault[] = [
  {
    name: 'milter killed while mail is in its hands',
    async strike(field, random, round) {
      return throughMilter(field, round, async () => {
        await sleep(random() * 1000);
        await field.tree.kill();
        await field.noteWindow();
        await sleep(1000);
        await field.restart();
      });
    },
  },
  {
    name: 'milter stands still past the MTA’s patience',
    async strike(field, _random, round) {
      return throughMilter(field, round, async () => {
        process.kill(field.tree.pid, 'SIGSTOP');
        await sleep(10_000);
        process.kill(field.tree.pid, 'SIGCONT');
      });
    },
  },
];
