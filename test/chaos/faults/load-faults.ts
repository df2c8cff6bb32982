import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SmtpTalk } from '../../gateway/smtp-talk.ts';
import { hostileFiles } from '../../hostile/hostile-files.ts';
import { mailWith } from '../../hostile/make-hostile-mail.ts';
import { chaosMail } from '../chaos-mail.ts';
import { makeToken } from '../count-losses.ts';
import { expectThat, type Fault } from '../fault.ts';
import type { Field } from '../field.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');

/** What was answered. */
async function send(field: Field, token: string, bytes: Buffer): Promise<string> {
  const { talk } = await SmtpTalk.open(field.smtpPort);
  const reply = await talk.send('<a@department.example>', ['<b@network.example>'], bytes);
  talk.close();
  if (reply.startsWith('250')) field.ledger.note(token);
  return reply;
}

const everyFile = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

function run(command: string, args: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    spawn(command, args, { stdio: 'ignore' })
      .once('error', () => resolve(null))
      .once('close', resolve);
  });
}

export const loadFaults: readonly Fault[] = [
  {
    name: 'poison: a mail that kills every worker that claims it',
    async strike(field, _random, round) {
      const token = makeToken('clean', round, 'poison', 1);
      if (!(await send(field, token, chaosMail(token, 'clean'))).startsWith('250')) return ['the mail was not taken'];
      const [row] = await field.sql<{ id: string }>(`select id from message where message_id = $1`, [
        `<${token}@chaos.example>`,
      ]);
      const moment = {
        process: 'worker',
        statement: 'record-judgement',
        when: 'before',
        holds: row?.id ?? '',
      } as const;
      for (let deaths = 0; await field.wire.at(moment, () => field.killWorkers(), 45_000); ) {
        deaths += 1;
        if (deaths > 4) return ['it goes on killing workers'];
      }
      return [];
    },
  },
  {
    name: 'poison: files that take readers down, as attachments',
    pauseMs: 20,
    async strike(field, random, round) {
      const replies: string[] = [];
      for (let count = 1; count <= 8; count++) {
        const file = hostileFiles[Math.floor(random() * hostileFiles.length)];
        if (file === undefined) continue;
        const token = makeToken('clean', round, 'hostile', count);
        const bytes = await file.make();
        if (bytes.length > 20 * 2 ** 20) continue;
        const [head, ...rest] = mailWith(bytes, file.name).toString('latin1').split('\r\n\r\n');
        const named = `${head?.replace(/^Message-ID:.*\r\n/im, '')}\r\nMessage-ID: <${token}@chaos.example>`;
        const reply = await send(field, token, Buffer.from([named, ...rest].join('\r\n\r\n'), 'latin1'));
        if (!/^(?:250|4\d\d|552) /.test(reply)) replies.push(`${file.what} was answered ${reply}`);
      }
      return replies;
    },
  },
  {
    name: 'large: two attachments of 100 MB while small mail flows',
    pauseMs: 20,
    async strike(field, _random, round) {
      const filler = randomBytes(57 * 1024);
      const lines = filler.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
      const replies = [1, 2].map((count) => {
        const token = makeToken('held', round, 'large', count);
        const head = chaosMail(token, 'held')
          .toString('latin1')
          .replace(/name="a.zip"/, 'name="a.bin"')
          .replace(/\r\n\r\n[\s\S]*$/, '\r\n\r\n')
          .replace('application/zip', 'application/octet-stream');
        return send(
          field,
          token,
          Buffer.concat([Buffer.from(head), ...Array.from({ length: 1330 }, () => Buffer.from(lines))]),
        );
      });
      const taken = await Promise.all(replies);
      await sleep(2000);
      // A busy machine may put it off; it may not refuse it, or hang up.
      return taken.flatMap((reply) =>
        expectThat(/^(?:250|4\d\d) /.test(reply), `a mail of 100 MB was answered ${reply}`),
      );
    },
  },
  {
    name: 'burst: smtp-source, 20 sessions, 1,000 mails at once',
    async strike(field) {
      const there = () => new Set(field.sink.copies.filter(({ token, id }) => token === id).map(({ id }) => id)).size;
      const before = there();
      const code = await run('smtp-source', [
        '-s',
        '20',
        '-l',
        '2000',
        '-m',
        '1000',
        '-f',
        'burst@department.example',
        '-t',
        'c@network.example',
        `127.0.0.1:${field.postfix.port}`,
      ]);
      for (let last = before, still = 0; there() - before < 1000 && still < 60; still += 1) {
        await sleep(1000);
        if (there() > last) still = 0;
        last = there();
      }
      return [
        ...expectThat(code === 0, `smtp-source ended with ${code}`),
        ...expectThat(there() - before === 1000, `${there() - before} of its 1,000 mails were delivered`),
      ];
    },
  },
  {
    name: 'rules: broken and mended while mail flows (SIGHUP)',
    async strike(field) {
      const folder = join(field.folder, 'rules/markings');
      const file = join(folder, readdirSync(folder)[0] ?? '');
      const whole = readFileSync(file);
      for (let count = 0; count < 3; count++) {
        writeFileSync(file, `${whole.toString()}\n  broken: [`);
        process.kill(field.tree.pid, 'SIGHUP');
        await sleep(700);
        writeFileSync(file, whole);
        process.kill(field.tree.pid, 'SIGHUP');
        await sleep(700);
      }
      const rows = await field.sql<{ count: number }>(
        `select count(*)::int as count from message where verdict is not null and rules_version is null`,
      );
      return expectThat(rows[0]?.count === 0, `${rows[0]?.count} verdicts do not name their rules`);
    },
  },
  {
    name: 'keys: the key file missing at a start, then changed',
    async strike(field) {
      const file = join(field.folder, 'keys.json');
      await field.tree.stop();
      renameSync(file, `${file}.away`);
      const started = await field.tryStart();
      rmSync(file, { force: true });
      renameSync(`${file}.away`, file);
      const added = await field.command(['keys', 'add']);
      await field.restart();
      const resealed = await field.command(['keys', 'reseal']);
      return [
        ...expectThat(!started.ready, 'it started without its keys'),
        ...expectThat(
          /HOLDFAST_KEY_FILE/.test(started.said),
          `without its keys it said: ${started.said.slice(0, 200)}`,
        ),
        ...expectThat(added === 0 && resealed === 0, `keys add ended with ${added}, keys reseal with ${resealed}`),
      ];
    },
  },
  {
    name: 'every fixture file, as mail and as attachment',
    pauseMs: 20,
    async strike(field, _random, round) {
      let count = 0;
      for (const path of everyFile(FIXTURES)) {
        count += 1;
        const kind = path.includes('record-employment') ? 'embargoed' : 'clean';
        const token = makeToken(kind, round, 'file', count);
        const bytes = readFileSync(join(FIXTURES, path))
          .toString('latin1')
          .replace(/\r?\n/g, '\r\n')
          .replace(/\r\n$/, '');
        const head = chaosMail(token, 'clean')
          .toString('latin1')
          .split('\r\n\r\n')[0]
          ?.replace('text/plain', path.endsWith('.eml') ? 'message/rfc822' : 'text/csv');
        await send(field, token, Buffer.from(`${head}\r\n\r\n${bytes.replace(/^\./gm, '..')}`, 'latin1'));
      }
      return [];
    },
  },
  {
    name: 'API killed while reviewers release',
    async strike(field, random) {
      const rows = await field.sql<{ id: string; token: string }>(
        `select id, substring(message_id from '<(.*)@chaos') as token from message where state = 'held' and message_id like '<h%' limit 6`,
      );
      const release = (id: string) =>
        field.tree.call('POST', `/v1/messages/${id}/decision`, { action: 'release', reason: 'For the round.' }).then(
          ({ status }) => status,
          () => 0,
        );
      for (const { token } of rows) field.ledger.release(token);
      const first = rows.flatMap(({ id }) => [release(id), release(id)]);
      await sleep(random() * 30);
      await field.tree.kill();
      await Promise.all(first);
      await field.noteWindow();
      await field.restart();
      for (const { id } of rows) await release(id);
      const twice = await field.sql<{ count: number }>(
        `select count(*)::int as count from (select message_id from decision where action = 'release' group by message_id having count(*) > 1) as twice`,
      );
      const audited = await field.command(['audit', 'verify']);
      return [
        ...expectThat(rows.length > 0, 'there was nothing to release'),
        ...expectThat(twice[0]?.count === 0, `${twice[0]?.count} messages were released twice`),
        ...expectThat(audited === 0, `audit verify ended with ${audited}`),
      ];
    },
  },
];
