import { createServer } from 'node:http';
import { hostname } from 'node:os';

import { type Config, readConfig } from '../config.ts';
import { createAccountDesk } from '../service/account-desk.ts';
import { createCheckPointDesk } from '../service/check-point-desk.ts';
import { createService } from '../service/create-service.ts';
import type { EngineSource } from '../service/engine-source.ts';
import type { Log } from '../service/log.ts';
import { createNoticeDesk } from '../service/notices/notice-desk.ts';
import type { JobQueue } from '../service/ports.ts';
import { createRegisterKeeping } from '../service/register-keeping.ts';
import type { Service } from '../service/service.ts';
import { startHousekeeping } from '../service/start-housekeeping.ts';
import { watchProbing } from '../service/watch-probing.ts';
import { createSpools } from '../store/spool.ts';
import { tryRules } from '../store/try-rules.ts';
import { createWeb, MAX_HEADER_BYTES } from '../web/create-web.ts';
import { createIdentityProvider } from '../web/identity-provider.ts';
import type { WebOptions } from '../web/web-options.ts';
import { type Backend, startBackend } from './backend.ts';
import { CannotRun, type Command, type CommandIo } from './command.ts';
import { type FirstStart, firstStart } from './first-start.ts';
import { checkFree, listen, showEndpoint } from './listen.ts';
import { SHIPPED_RULES } from './load-engine.ts';
import { loadFirstRegisters } from './load-first-registers.ts';
import { makeLog } from './make-log.ts';
import { createMetrics, createServerMetrics, exposeMetrics, type Metrics } from './metrics.ts';
import { openCanary } from './open-canary.ts';
import { type Gateways, openGateways } from './open-gateways.ts';
import { openNotices } from './open-notices.ts';
import { openWebhooks } from './open-webhooks.ts';
import { programVersion } from './program-version.ts';
import { sketchUploads } from './sketch-upload.ts';
import { stopRequested } from './stop-requested.ts';
import { startWorkerChildren, type WorkerChildren } from './worker-children.ts';

const KEEP_ALIVE_MS = 65_000;

export const serve: Command = {
  name: 'serve',
  async run(args, io) {
    if (args.length > 0) throw new CannotRun('serve takes no arguments, settings come from the environment');
    const reading = readConfig(io.env);
    if (!reading.ok) throw new CannotRun(...reading.lines);
    for (const line of reading.warnings) io.err(`warning: ${line}\n`);
    const config = reading.value;
    const log = makeLog(config.logLevel, 'serve');
    const stop = stopRequested();
    await checkFree('HOLDFAST_HTTP', config.http);
    if (config.smtp !== null) await checkFree('HOLDFAST_SMTP', config.smtp);
    if (config.milter !== null) await checkFree('HOLDFAST_MILTER', config.milter);
    const metrics = createMetrics();
    const backend = await startBackend(config, 'serve', 16, log, metrics.countPoolRestart);
    try {
      return await runServer(config, backend, metrics, io, log, stop);
    } finally {
      await backend.close();
    }
  },
};

async function runServer(
  config: Config,
  backend: Backend,
  metrics: Metrics,
  io: CommandIo,
  log: Log,
  stop: Promise<string>,
): Promise<number> {
  const { store, clock } = backend;
  // Nobody else works on an embedded database, so whoever claimed something is gone.
  if (config.databaseUrl === null) await store.messages.endClaims();
  const queue = await backend.openQueue();
  const measured = createServerMetrics(metrics.registry, programVersion(), clock.fixed);
  // They load while this process does.
  const workers = startWorkerChildren(
    config.workers,
    { ...io.env, DATABASE_URL: backend.database.url, HOLDFAST_KEY_FILE: config.keyFile },
    log,
    measured.countWorkerRestart,
  );
  const housekeeping = startHousekeeping(
    measured.watchTidying(store.messages, Date.now),
    {
      heldDays: config.keepHeldDays,
      contentDays: config.keepContentDays,
      traceDays: config.keepTraceDays,
      deliveredDays: config.keepDeliveredDays,
      recordDays: config.keepAuditDays,
    },
    log,
  );
  let notices: ReturnType<typeof openNotices> = null;
  try {
    notices = openNotices(config, backend, queue, log);
    const first = await firstStart(config, store.accounts);
    const engines = await backend.startEngines();
    const registers = await loadFirstRegisters(config, backend, engines);
    for (const line of registers.lines) io.err(`warning: ${line}\n`);
    await engines.refresh();
    workers.tell('refresh');
    process.on('SIGHUP', () => {
      workers.tell('reload');
      void engines.reload();
    });
    const alarm = { audit: store.audit, log, count: metrics.countProbing };
    const watched = watchProbing(engines, alarm);
    measured.watchRecord(store.messages);
    const service = metrics.watchIntake(
      createService({
        ...store,
        queue,
        engines: metrics.watchEngines(tellWorkers(watched, workers)),
        open: backend.open,
        keys: backend.keys,
        clock,
        newId: backend.newId,
        workerId: backend.workerId,
        fourEyes: config.access.fourEyes,
        delivers: config.nextHop !== null,
        host: hostname(),
        tryRules: (path, text) => tryRules(config.rules ?? SHIPPED_RULES, path, text),
        log,
      }),
    );
    measured.watchReadiness(service.readiness);
    await Promise.race([workers.ready, stop]);
    const expose = async () => exposeMetrics(metrics.registry, await workers.measured());
    const webhooks = openWebhooks(config, backend, measured.countWebhook, log);
    const { idempotency } = store;
    const canary = openCanary(config, backend, engines, queue, measured.noteCanary, log);
    const keeping = createRegisterKeeping({
      ...store,
      engines: tellWorkers(watched, workers),
      open: backend.open,
      keys: backend.keys,
      now: clock.now,
      fourEyes: config.access.fourEyes,
      makeSketch: sketchUploads(config.data, backend.keys),
    });
    const options = {
      keeping,
      warnings: () => canary?.warnings() ?? [],
      metrics: expose,
      onRequest: measured.countRequest,
      webhooks: webhooks.desk,
      idempotency,
    };
    const surfaces = await openSurfaces(config, backend, watched, service, options, log);
    try {
      announce(config, surfaces, first, service, io);
      for (const line of await service.readiness()) io.err(`warning: not ready: ${line}\n`);
      const why = await Promise.race([stop, backend.database.gone.then(() => 'database')]);
      if (why === 'database') {
        io.err('holdfast: the embedded PostgreSQL ended, see postgres.log in the data folder\n');
        return 1;
      }
      return 0;
    } finally {
      await surfaces.close();
      await webhooks.stop();
      await canary?.stop();
    }
  } finally {
    await notices?.stop();
    await housekeeping.stop();
    await workers.stop();
    await closeQueue(queue);
  }
}

interface Surfaces {
  readonly httpPort: number;
  readonly smtpPort: number | null;
  /** Takes nothing new, and finishes what is in hand. */
  close(): Promise<void>;
}

async function openSurfaces(
  config: Config,
  { store, clock, keys, workerId }: Backend,
  engines: EngineSource,
  service: Service,
  options: Partial<WebOptions> & Pick<WebOptions, 'keeping'>,
  log: Log,
): Promise<Surfaces> {
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
  const httpPort = await listen('HOLDFAST_HTTP', config.http, http);
  const closeHttp = () =>
    new Promise<void>((resolve) => {
      http.close(() => resolve());
      http.closeIdleConnections();
      // Streams that a page keeps open would wait for ever.
      setTimeout(() => http.closeAllConnections(), 10_000).unref();
    });
  let gateways: Gateways;
  try {
    gateways = await openGateways(config, {
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
  } catch (error) {
    await closeHttp();
    throw error;
  }
  return {
    httpPort,
    smtpPort: gateways.smtpPort,
    async close() {
      await Promise.all([closeHttp(), gateways.close()]);
    },
  };
}

function announce(config: Config, surfaces: Surfaces, first: FirstStart | null, service: Service, io: CommandIo): void {
  const { httpPort, smtpPort } = surfaces;
  const web = `http://${showEndpoint({ ...config.http, port: httpPort })}`;
  const smtp = config.smtp === null || smtpPort === null ? null : showEndpoint({ ...config.smtp, port: smtpPort });
  if (service.clock.fixed) {
    io.err(
      `warning: HOLDFAST_NOW fixes the clock of judgements to ${new Date(service.clock.now()).toISOString()}, for trials alone\n`,
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

/** What changes here is known to the workers at once too. */
function tellWorkers(engines: EngineSource, workers: WorkerChildren): EngineSource {
  return {
    ...engines,
    async refresh() {
      workers.tell('refresh');
      await engines.refresh();
    },
  };
}

/** A token is shown in full once; later commands take it from where it is. */
function tokenToTry(config: Config, first: FirstStart | null): { readonly token: string; readonly hint: string } {
  if (config.apiToken !== null) return { token: '$HOLDFAST_API_TOKEN', hint: '' };
  if (first?.apiToken != null) return { token: first.apiToken, hint: '' };
  return { token: '$TOKEN', hint: ' (the token is in first-start.json in the data folder)' };
}

async function closeQueue(queue: JobQueue): Promise<void> {
  await queue.close();
}
