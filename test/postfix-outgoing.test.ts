import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScriptedServer, startScriptedServer } from './gateway/scripted-server.ts';
import { SmtpTalk } from './gateway/smtp-talk.ts';
import { freePort } from './services/free-port.ts';
import { describeWithPostfix } from './services/real-servers.ts';
import { startPostfix, type TestPostfix } from './services/start-postfix.ts';
import { until } from './services/until.ts';

// What a Postfix's own tables and services send round the content filter, what closes it, and the routing of outgoing mail alone.

const OPERATING = readFileSync(join(import.meta.dirname, '../docs/operating.md'), 'utf8');
const LOCAL = ['mydestination = department.example', 'mailbox_command = /bin/cat'];
const LOCAL_SERVICE = 'local unix - n n - - local';

let sink: ScriptedServer;
/** Stands where Holdfast's gateway would: what arrives here would have been judged. */
let filter: ScriptedServer;
let folder: string;
const started: TestPostfix[] = [];

type Settings = Partial<Parameters<typeof startPostfix>[0]>;

async function postfix(settings: Settings, ports?: Parameters<typeof startPostfix>[1]): Promise<TestPostfix> {
  const one = await startPostfix({ filterPort: filter.port, sinkPort: sink.port, ...settings }, ports);
  started.push(one);
  return one;
}

async function submit(port: number, token: string, to: string, from = '<a@department.example>'): Promise<void> {
  const { talk } = await SmtpTalk.open(port);
  const mail = `From: a@department.example\r\nSubject: ${token}\r\nMessage-ID: <${token}@test.example>\r\n\r\nAt ten.`;
  expect(await talk.send(from, [`<${to}>`], mail)).toMatch(/^250 /);
  talk.close();
}

/** The recipients that a server was told of for a mail. */
const told = ({ mail }: ScriptedServer, token: string) =>
  mail
    .filter(({ data }) => data.includes(token))
    .flatMap(({ commands }) => commands.flatMap((line) => /^RCPT TO:<(.*?)>/.exec(line)?.[1] ?? []));
const seen = (server: ScriptedServer, token: string) =>
  until(() => told(server, token).length > 0, 20_000, `${token} to arrive`);

/** A block of the manual that has these words. */
function block(words: string): string {
  const found = [...OPERATING.matchAll(/^```\n([\s\S]*?)^```/gm)].find(([, text = '']) => text.includes(words));
  if (found?.[1] === undefined) throw new Error(`the manual has no block with ${words}`);
  return found[1];
}

describeWithPostfix('what Postfix’s own tables and services do with mail to the outside', () => {
  beforeAll(async () => {
    sink = await startScriptedServer();
    filter = await startScriptedServer();
    folder = mkdtempSync(join(tmpdir(), 'holdfast-forward-'));
    for (const name of ['forward', 'list'])
      writeFileSync(join(folder, name), 'news@network.example\n', { mode: 0o644 });
  });

  afterAll(async () => {
    for (const one of started) one.stop();
    await filter?.close();
    await sink?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const aliases = () =>
    `alias_maps = inline:{{analyst = news@network.example}, {list = :include:${join(folder, 'list')}}}`;

  test('local forwards go round the filter', async () => {
    const open = await postfix({
      main: [...LOCAL, aliases(), `forward_path = ${join(folder, 'forward')}`],
      master: [LOCAL_SERVICE],
    });
    for (const name of ['analyst', 'root', 'list'])
      await submit(open.reinjectionPort, `open-${name}`, `${name}@department.example`);
    for (const name of ['analyst', 'root', 'list']) {
      await seen(sink, `open-${name}`);
      expect(told(filter, `open-${name}`)).toEqual([]);
    }
  }, 60_000);

  test('aliases followed before it do not; FILTER in a table, and a service with a content_filter of its own, do', async () => {
    const [bare, fromAmavis] = [await freePort(), await freePort()];
    const mta = await postfix({
      main: [
        ...LOCAL,
        'alias_maps = inline:{{analyst = news@elsewhere.example}}',
        'virtual_alias_maps = $alias_maps',
        'forward_path =',
        `smtpd_recipient_restrictions = check_recipient_access inline:{{network.example = FILTER smtp:[127.0.0.1]:${sink.port}}}`,
      ],
      master: [
        LOCAL_SERVICE,
        `127.0.0.1:${bare} inet n - n - - smtpd\n  -o content_filter=`,
        `127.0.0.1:${fromAmavis} inet n - n - - smtpd\n  -o content_filter=holdfast:[127.0.0.1]:${filter.port}`,
      ],
    });
    await submit(mta.port, 'alias', 'analyst@department.example');
    await submit(mta.port, 'by-table', 'b@network.example');
    await submit(bare, 'by-service', 'b@elsewhere.example');
    await submit(fromAmavis, 'from-amavis', 'b@elsewhere.example');
    await Promise.all([seen(sink, 'by-table'), seen(sink, 'by-service'), seen(filter, 'from-amavis')]);
    await seen(filter, 'Subject: alias');
    expect(told(filter, 'Subject: alias')).toEqual(['news@elsewhere.example']);
    expect(told(sink, 'Subject: alias')).toEqual([]);
    expect([...told(filter, 'by-table'), ...told(filter, 'by-service')]).toEqual([]);
    // What the manual has an administrator look for.
    const lines = mta.command('postconf', ['-P']).split('\n');
    expect(lines.filter((line) => line.includes('content_filter'))).toEqual(
      expect.arrayContaining([`127.0.0.1:${bare}/inet/content_filter =`]),
    );
    expect(mta.command('postconf', ['-n'])).toMatch(/_restrictions = .*FILTER/);
  }, 60_000);

  test('routed as the manual says, what leaves is judged, forwards too, and what is handed back goes', async () => {
    const ports = { port: await freePort(), reinjectionPort: await freePort() };
    const here = (text: string) =>
      text
        .replaceAll('2525', String(filter.port))
        .replaceAll('10026', String(ports.reinjectionPort))
        .replace('FILTER smtp:', `FILTER smtp:[127.0.0.1]:${sink.port}`);
    const services = here(`${block('holdfast        unix')}${block('FILTER smtp:')}`);
    const mta = await postfix(
      {
        manual: { main: '', master: `${services}${LOCAL_SERVICE}\n` },
        main: [here(block('default_transport = holdfast')), ...LOCAL, aliases()],
      },
      ports,
    );
    await submit(mta.port, 'route-out', 'b@network.example');
    await submit(mta.port, 'route-alias', 'analyst@department.example');
    await submit(mta.port, 'route-inside', 'root@department.example');
    await submit(mta.reinjectionPort, 'route-back', 'b@network.example');
    await submit(mta.reinjectionPort, 'route-notice', 'root@department.example', '<>');
    await Promise.all([seen(filter, 'route-out'), seen(filter, 'route-alias'), seen(sink, 'route-back')]);
    const delivered = () => mta.log().match(/to=<root@.*delivered to command/g)?.length === 2;
    await until(delivered, 20_000, 'the mailbox, twice');
    expect(told(filter, 'route-alias')).toEqual(['news@network.example']);
    for (const token of ['route-out', 'route-alias', 'route-inside', 'route-notice'])
      expect([token, told(sink, token)]).toEqual([token, []]);
    for (const token of ['route-inside', 'route-back', 'route-notice'])
      expect([token, told(filter, token)]).toEqual([token, []]);
  }, 60_000);
});
