import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export interface TestPostfix {
  /** Where clients hand mail in; it goes through the content filter. */
  readonly port: number;
  /** Where the content filter hands it back. */
  readonly reinjectionPort: number;
  /** Queued messages as `postqueue -j` tells them. */
  queued(): readonly unknown[];
  flush(): void;
  /** One of Postfix's own commands on this instance; answers what it printed. */
  command(name: 'sendmail' | 'postsuper' | 'postqueue' | 'postconf', args: readonly string[], input?: string): string;
  /** Adds a line to `main.cf` and reloads. */
  reconfigure(line: string): void;
  log(): string;
  stop(): void;
}

export interface PostfixSettings {
  /** Null: no content filter. */
  readonly filterPort: number | null;
  readonly sinkPort: number;
  /** `name = value` lines that go before the others in `main.cf`. */
  readonly main?: readonly string[];
  /** Services that go before the others in `master.cf`. */
  readonly master?: readonly string[];
  /** What the manual says of the filter, its ports made those of here, in place of what stands below. */
  readonly manual?: { readonly main: string; readonly master: string };
}

/**
 * A real Postfix in a folder of its own, on free ports, as a mail administrator would set it up: an advanced content filter
 * that re-injects (FILTER_README), and everything relayed to the sink. Postfix starts as root only.
 */
export async function startPostfix(
  settings: PostfixSettings,
  ports?: Pick<TestPostfix, 'port' | 'reinjectionPort'>,
): Promise<TestPostfix> {
  const { port, reinjectionPort } = ports ?? { port: await freePort(), reinjectionPort: await freePort() };
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-postfix-'));
  chmodSync(folder, 0o755);
  const [config, queue, data] = ['etc', 'spool', 'data'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [config, queue, data]) mkdirSync(path, { mode: 0o755 });
  const logFile = join(folder, 'mail.log');
  writeFileSync(join(config, 'main.cf'), mainCf(settings, { config, queue, data, folder, logFile }));
  writeFileSync(join(config, 'master.cf'), masterCf(port, reinjectionPort, settings));
  run('chown', ['postfix', data]);
  run('postfix', ['-c', config, 'start']);
  return {
    port,
    reinjectionPort,
    queued: () =>
      run('postqueue', ['-c', config, '-j'])
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    flush: () => void run('postqueue', ['-c', config, '-f']),
    command: (name, args, input) => run(name, [name === 'sendmail' ? '-C' : '-c', config, ...args], input),
    reconfigure(line) {
      appendFileSync(join(config, 'main.cf'), `${line}\n`);
      run('postfix', ['-c', config, 'reload']);
    },
    log: () => readFileSync(logFile, 'utf8'),
    stop() {
      run('postfix', ['-c', config, 'abort']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Places {
  readonly config: string;
  readonly queue: string;
  readonly data: string;
  readonly folder: string;
  readonly logFile: string;
}

function mainCf({ filterPort, sinkPort, main = [], manual }: PostfixSettings, places: Places): string {
  const filter = [
    filterPort === null ? 'content_filter =' : `content_filter = holdfast:[127.0.0.1]:${filterPort}`,
    // Else Postfix completes and reorders addresses in headers of mail from this machine.
    'local_header_rewrite_clients =',
    'message_size_limit = 157286400',
    // Else Postfix hands a mail to 296 people to the filter as six mails to 50.
    'holdfast_destination_recipient_limit = 1000',
  ];
  return [
    'compatibility_level = 3.6',
    `queue_directory = ${places.queue}`,
    `data_directory = ${places.data}`,
    `maillog_file = ${places.logFile}`,
    `maillog_file_prefixes = ${places.folder}`,
    'myhostname = mta.department.example',
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    'mynetworks = 127.0.0.0/8',
    'mydestination =',
    'local_recipient_maps =',
    'alias_maps =',
    'smtpd_relay_restrictions = permit_mynetworks, reject',
    // What the way out refuses, for tests of what comes back.
    'refused_recipients = check_recipient_access inline:{{refused@network.example = REJECT nobody of that name}}',
    ...(manual === undefined ? filter : [manual.main]),
    `relayhost = [127.0.0.1]:${sinkPort}`,
    'smtp_host_lookup = native',
    'smtp_dns_support_level = disabled',
    'mailbox_size_limit = 0',
    'smtp_destination_recipient_limit = 1000',
    'minimal_backoff_time = 1s',
    'maximal_backoff_time = 2s',
    'queue_run_delay = 1s',
    ...main,
    '',
  ].join('\n');
}

function masterCf(port: number, reinjectionPort: number, { master = [], manual }: PostfixSettings): string {
  const filter = `127.0.0.1:${reinjectionPort} inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_unknown_recipient_checks,no_header_body_checks,no_milters
  -o smtpd_authorized_xforward_hosts=127.0.0.0/8
  -o smtpd_recipient_restrictions=$refused_recipients
holdfast unix - - n - 20 smtp
  -o smtp_send_xforward_command=yes
  -o disable_mime_output_conversion=yes
  -o smtp_data_done_timeout=1200s
`;
  return `127.0.0.1:${port} inet n - n - - smtpd
${master.map((line) => `${line}\n`).join('')}${manual?.master ?? filter}pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}

function run(command: string, args: readonly string[], input?: string): string {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin` },
  });
  if (result.error !== undefined)
    throw new Error(`${command} did not start, install Debian’s postfix`, { cause: result.error });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr}${result.stdout}`);
  return result.stdout;
}
