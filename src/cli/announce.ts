import type { Config } from '../config.ts';
import type { Service } from '../service/service.ts';
import type { CommandIo } from './command.ts';
import type { FirstStart } from './first-start.ts';
import { showEndpoint } from './listen.ts';
import type { Surfaces } from './open-surfaces.ts';

/** Tells that the server is ready, where, and how to try it; what was made at first start is shown this once. */
export function announce(
  config: Config,
  surfaces: Surfaces,
  first: FirstStart | null,
  { clock }: Pick<Service, 'clock'>,
  io: CommandIo,
): void {
  const { httpPort, smtpPort } = surfaces;
  const web = `http://${showEndpoint({ ...config.http, port: httpPort })}`;
  const smtp = config.smtp === null || smtpPort === null ? null : showEndpoint({ ...config.smtp, port: smtpPort });
  if (clock.fixed) {
    io.err(
      `warning: HOLDFAST_NOW fixes the clock of judgements to ${new Date(clock.now()).toISOString()}, for trials alone\n`,
    );
  }
  if (config.nextHop === null) {
    io.err('warning: HOLDFAST_NEXT_HOP is not set: cleared mail waits in the store and goes nowhere\n');
  }
  const { token, hint } = tokenToTry(config, first);
  const lines = [
    `holdfast: ready, web and API on ${web}, ${smtp === null ? 'no SMTP gateway' : `SMTP on ${smtp}`}`,
    ...((first?.admin ?? first?.apiToken) == null
      ? []
      : ['', 'First start. These are shown once, and kept in first-start.json in the data folder:']),
    ...(first?.admin == null ? [] : [`  sign in as   admin / ${first.admin}`]),
    ...(first?.apiToken == null ? [] : [`  API token    ${first.apiToken}`]),
    '',
    `Try it${hint}:`,
    `  curl -H "Authorization: Bearer ${token}" -H 'Content-Type: application/json' -d '{"text":"Record employment again this month!","channel":"social","author":"press@department.example"}' ${web}/v1/drafts`,
    ...(smtp === null
      ? []
      : [
          `  printf 'From: press@department.example\\nTo: news@paper.example\\nSubject: Tomorrow\\n\\nRecord employment again!\\n' | curl -s smtp://${smtp} --crlf --mail-from press@department.example --mail-rcpt news@paper.example -T -`,
        ]),
    `  curl -H "Authorization: Bearer ${token}" '${web}/v1/messages?state=held'`,
    '',
  ];
  io.out(`${lines.join('\n')}\n`);
}

/** A token is shown in full once; later commands take it from where it is. */
function tokenToTry(config: Config, first: FirstStart | null): { readonly token: string; readonly hint: string } {
  if (config.apiToken !== null) return { token: '$HOLDFAST_API_TOKEN', hint: '' };
  if (first?.apiToken != null) return { token: first.apiToken, hint: '' };
  return { token: '$TOKEN', hint: ' (the token is in first-start.json in the data folder)' };
}
