import { createServer } from 'node:http';

import type { Config } from '../config.ts';
import { createAccountDesk } from '../service/account-desk.ts';
import { createCheckPointDesk } from '../service/check-point-desk.ts';
import type { EngineSource } from '../service/engine-source.ts';
import type { Log } from '../service/log.ts';
import { createNoticeDesk } from '../service/notices/notice-desk.ts';
import type { Service } from '../service/service.ts';
import { createSpools } from '../store/spool.ts';
import { createWeb, MAX_HEADER_BYTES } from '../web/create-web.ts';
import { createIdentityProvider } from '../web/identity-provider.ts';
import type { WebOptions } from '../web/web-options.ts';
import type { Backend } from './backend.ts';
import { listen } from './listen.ts';
import { openGateways } from './open-gateways.ts';

const KEEP_ALIVE_MS = 65_000;

/** The ways in: web and API, and the gateways. */
export interface Surfaces {
  readonly httpPort: number;
  readonly smtpPort: number | null;
  /** Takes nothing new, and finishes what is in hand. */
  close(): Promise<void>;
}

/** @throws CannotRun where an address cannot be listened on; nothing is open then. */
export async function openSurfaces(
  config: Config,
  { store, clock, keys, workerId }: Backend,
  engines: EngineSource,
  service: Service,
  options: Partial<WebOptions> & Pick<WebOptions, 'keeping'>,
  log: Log,
): Promise<Surfaces> {
  // Before HTTP: whoever is told that all is ready finds the gateways open.
  const gateways = await openGateways(config, {
    find: store.messages.find,
    arrivals: store.arrivals,
    arrivalKey: keys.first.tokens,
    gateway: workerId,
    service,
    engines,
    now: clock.now,
    openSpool: createSpools(config.data),
    log,
  });
  const web = createWeb({
    service,
    accounts: store.accounts,
    people: createAccountDesk(store.accounts),
    provider: config.access.provider === null ? null : createIdentityProvider(config.access.provider),
    publicOrigin: config.access.publicUrl,
    checkPoints: createCheckPointDesk({ record: store.checkPoints, wallClock: Date.now }),
    notices: createNoticeDesk(store.notices, config.notices !== null && config.nextHop !== null),
    log,
    ...options,
  });
  // Longer than proxies and clients keep a connection: theirs is the one to close it, and no call meets a closing one.
  const http = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS }, web);
  let httpPort: number;
  try {
    httpPort = await listen('HOLDFAST_HTTP', config.http, http);
  } catch (error) {
    await gateways.close();
    throw error;
  }
  const closeHttp = () =>
    new Promise<void>((resolve) => {
      http.close(() => resolve());
      http.closeIdleConnections();
      // Streams that a page keeps open would wait for ever.
      setTimeout(() => http.closeAllConnections(), 10_000).unref();
    });
  return {
    httpPort,
    smtpPort: gateways.smtpPort,
    async close() {
      await Promise.all([closeHttp(), gateways.close()]);
    },
  };
}
