import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScriptedServer, startScriptedServer } from './gateway/scripted-server.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { freePort } from './services/free-port.ts';
import { describeWithPostfix } from './services/real-servers.ts';
import { type HoldfastTree, startHoldfast } from './services/start-holdfast.ts';
import { startPostfix, type TestPostfix } from './services/start-postfix.ts';
import { until } from './services/until.ts';

// A Postfix set up by the code blocks of docs/operating.md, and by nothing else but its ports and places.

const ROOT = join(import.meta.dirname, '..');

/** The blocks of the manual's chapter on Postfix that set up the filter. */
function manual(gateway: number, back: number): { readonly main: string; readonly master: string } {
  const [, chapter = ''] =
    /^## Postfix\n([\s\S]*?)^## /m.exec(readFileSync(join(ROOT, 'docs/operating.md'), 'utf8')) ?? [];
  const blocks = [...chapter.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  const main = blocks.find((block) => block.includes('content_filter = holdfast'));
  const master = blocks.find((block) => /^holdfast\s+unix/m.test(block));
  if (main === undefined || master === undefined) throw new Error('the manual says nothing of main.cf or master.cf');
  const here = (block: string) => block.replaceAll('2525', String(gateway)).replaceAll('10026', String(back));
  return { main: here(main), master: here(master) };
}

let data: string;
let sink: ScriptedServer;
let holdfast: HoldfastTree;
let postfix: TestPostfix;

describeWithPostfix('Postfix as the manual sets it up', () => {
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'holdfast-manual-'));
    cpSync(join(ROOT, 'fixtures/registers'), join(data, 'registers'), { recursive: true });
    sink = await startScriptedServer();
    const [gateway, port, reinjectionPort] = [await freePort(), await freePort(), await freePort()];
    const settings = { filterPort: null, sinkPort: sink.port, manual: manual(gateway, reinjectionPort) };
    postfix = await startPostfix(settings, { port, reinjectionPort });
    holdfast = await startHoldfast(data, {
      HOLDFAST_NOW: '2016-01-20T09:22:00Z',
      HOLDFAST_SMTP: `127.0.0.1:${gateway}`,
      HOLDFAST_NEXT_HOP: `127.0.0.1:${postfix.reinjectionPort}`,
    });
  }, 90_000);

  afterAll(async () => {
    await holdfast?.stop();
    postfix?.stop();
    await sink?.close();
    rmSync(data, { recursive: true, force: true });
  }, 60_000);

  it('sends what is clean, holds the mail that the manual has you try', async () => {
    const { talk } = await SmtpTalk.open(postfix.port);
    const mail = (words: string) =>
      `From: press@department.example\r\nTo: news@paper.example\r\nSubject: ${words}\r\n\r\n${words}`;
    for (const words of ['The meeting is at ten', 'record employment'])
      expect(await talk.send('<press@department.example>', ['<news@paper.example>'], mail(words))).toMatch(/^250 /);
    talk.close();
    const states = async () => {
      const { body } = await holdfast.call('GET', '/v1/messages');
      return (body as { readonly items: readonly { readonly state: string }[] }).items.map(({ state }) => state).sort();
    };
    await until(async () => (await states()).join() === 'delivered,held', 60_000, 'one delivered and one held');
    await until(() => sink.mail.length > 0, 30_000, 'the way out');
    expect(sink.mail).toHaveLength(1);
    const out = sink.mail[0]?.data.toString() ?? '';
    expect(out).toContain('The meeting is at ten');
    expect(out).toMatch(/^X-Holdfast-Id: /m);
    expect(postfix.queued()).toEqual([]);
    expect(postfix.log()).not.toMatch(/\b(?:fatal|panic|unused parameter|bad|unknown configuration)\b/i);
  }, 120_000);
});
