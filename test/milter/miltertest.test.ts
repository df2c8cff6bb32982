import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAll } from '../../src/core/byte-source.ts';
import { LOOPBACK, parseClientNetworks } from '../../src/gateway/client-networks.ts';
import { type MilterGateway, startMilterGateway } from '../../src/gateway/milter-gateway.ts';
import { silentLog } from '../../src/service/log.ts';
import { createSpools } from '../../src/store/spool.ts';
import { describeWithMiltertest } from '../services/real-servers.ts';

// Another's idea of the protocol: miltertest speaks as sendmail's libmilter expects it.

let milter: MilterGateway;
const spools = mkdtempSync(join(tmpdir(), 'holdfast-miltertest-'));

describeWithMiltertest('asked by miltertest', () => {
  beforeAll(async () => {
    const networks = parseClientNetworks(LOOPBACK);
    if (!networks.ok) throw new Error(networks.error);
    milter = await startMilterGateway(
      { host: '127.0.0.1', port: 0, clients: networks.value, messageBytes: 10_000_000, progressMs: 100 },
      {
        decide: async ({ content }) => {
          const text = Buffer.from(await readAll(content)).toString('latin1');
          if (text.endsWith('REJECT\r\n'))
            return { action: 'refuse', code: 550, text: '5.7.1 held: says 100% too much' };
          if (text.endsWith('QUARANTINE\r\n')) return { action: 'quarantine', reason: 'held: needs a review' };
          if (text.endsWith('BROKEN\r\n')) throw new Error('no registers');
          if (text.endsWith('SLOW\r\n')) await sleep(500);
          return { action: 'pass' };
        },
        openSpool: createSpools(spools),
        log: silentLog,
      },
    );
  });

  afterAll(async () => {
    await milter?.close();
    rmSync(spools, { recursive: true, force: true });
  });

  test('every answer is as its script wants it', async () => {
    const script = join(import.meta.dirname, 'conversation.lua');
    const child = spawn('miltertest', ['-D', `port=${milter.port}`, '-s', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(said).toContain('all answers were as they should be');
    expect(code).toBe(0);
  }, 30_000);
});
