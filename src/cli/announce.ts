import type { Config } from '../config.ts';
import type { Registers } from '../core/entry.ts';
import type { Service } from '../service/service.ts';
import type { CommandIo } from './command.ts';
import type { FirstStart } from './first-start.ts';
import { howToTry } from './how-to-try.ts';
import { showEndpoint } from './listen.ts';
import type { Surfaces } from './open-surfaces.ts';

/** Tells that the server is ready, where, and how to try it; what was made at first start is shown this once. */
export function announce(
  config: Config,
  surfaces: Surfaces,
  first: FirstStart | null,
  registers: Registers | null,
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
  const lines = [
    `holdfast: ready, web and API on ${web}, ${smtp === null ? 'no SMTP gateway' : `SMTP on ${smtp}`}`,
    ...((first?.admin ?? first?.apiToken) == null
      ? []
      : [
          '',
          'First start. These are shown once, and kept in first-start.json in the data folder until you delete it:',
        ]),
    ...(first?.admin == null ? [] : [`  sign in as   admin / ${first.admin}`]),
    ...(first?.apiToken == null ? [] : [`  API token    ${first.apiToken}`]),
    ...howToTry(config, first, registers, clock.now(), { web, smtp }),
    '',
  ];
  io.out(`${lines.join('\n')}\n`);
}
