import { hostname } from 'node:os';

import { type Config, readConfig } from '../config.ts';
import { createService } from '../service/create-service.ts';
import type { EngineSource } from '../service/engine-source.ts';
import type { Log } from '../service/log.ts';
import { createRegisterKeeping } from '../service/register-keeping.ts';
import { startHousekeeping } from '../service/start-housekeeping.ts';
import { watchProbing } from '../service/watch-probing.ts';
import { tryRules } from '../store/try-rules.ts';
import { announce } from './announce.ts';
import { type Backend, startBackend } from './backend.ts';
import { CannotRun, type Command, type CommandIo } from './command.ts';
import { firstStart } from './first-start.ts';
import { checkFree } from './listen.ts';
import { SHIPPED_RULES } from './load-engine.ts';
import { loadFirstRegisters } from './load-first-registers.ts';
import { makeLog } from './make-log.ts';
import { createMetrics, createServerMetrics, exposeMetrics, type Metrics } from './metrics.ts';
import { openCanary } from './open-canary.ts';
import { openNotices } from './open-notices.ts';
import { openSurfaces } from './open-surfaces.ts';
import { openWebhooks } from './open-webhooks.ts';
import { programVersion } from './program-version.ts';
import { sketchUploads } from './sketch-upload.ts';
import { stopRequested } from './stop-requested.ts';
import { startWorkerChildren, type WorkerChildren } from './worker-children.ts';

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
    await checkFree({ HOLDFAST_HTTP: config.http, HOLDFAST_SMTP: config.smtp, HOLDFAST_MILTER: config.milter });
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
  /** What was started, the last of it first to be stopped; left running, it would keep a server alive that serves nothing. */
  const stops: (() => Promise<void>)[] = [];
  const stopLater = (end: () => Promise<void>) => void stops.unshift(end);
  try {
    // Nobody else works on an embedded database, so whoever claimed something is gone.
    if (config.databaseUrl === null) await store.messages.endClaims();
    const queue = await backend.openQueue();
    stopLater(queue.close);
    const measured = createServerMetrics(metrics.registry, programVersion(), clock.fixed);
    // They load while this process does.
    const workers = startWorkerChildren(
      config.workers,
      { ...io.env, DATABASE_URL: backend.database.url, HOLDFAST_KEY_FILE: config.keyFile },
      log,
      measured.countWorkerRestart,
    );
    stopLater(workers.stop);
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
    stopLater(housekeeping.stop);
    const notices = openNotices(config, backend, queue, log);
    if (notices !== null) stopLater(notices.stop);
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
    const canary = openCanary(config, backend, engines, queue, measured.noteCanary, log);
    if (canary !== null) stopLater(canary.stop);
    const webhooks = openWebhooks(config, backend, measured.countWebhook, log);
    stopLater(webhooks.stop);
    const keeping = createRegisterKeeping({
      ...store,
      engines: tellWorkers(watched, workers),
      open: backend.open,
      keys: backend.keys,
      now: clock.now,
      fourEyes: config.access.fourEyes,
      makeSketch: sketchUploads(backend.keys),
    });
    const options = {
      keeping,
      warnings: () => canary?.warnings() ?? [],
      metrics: async () => exposeMetrics(metrics.registry, await workers.measured()),
      onRequest: measured.countRequest,
      webhooks: webhooks.desk,
      idempotency: store.idempotency,
    };
    const surfaces = await openSurfaces(config, backend, watched, service, options, log);
    stopLater(surfaces.close);
    const engine = await engines.current().catch(() => null);
    announce(config, surfaces, first, engine?.registers ?? null, service, io);
    for (const line of await service.readiness()) io.err(`warning: not ready: ${line}\n`);
    const why = await Promise.race([stop, backend.database.gone.then(() => 'database')]);
    if (why !== 'database') return 0;
    io.err('holdfast: the embedded PostgreSQL ended, see postgres.log in the data folder\n');
    return 1;
  } finally {
    for (const end of stops)
      await end().catch((err: unknown) => log.error({ err }, 'a part of the server did not stop'));
  }
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
