import { hostname } from 'node:os';

import { type Config, readConfig } from '../config.ts';
import { createSmtpNextHop } from '../gateway/smtp-next-hop.ts';
import { runWorker } from '../service/run-worker.ts';
import { startRetroScan } from '../service/start-retro-scan.ts';
import { watchProbing } from '../service/watch-probing.ts';
import { startBackend } from './backend.ts';
import { CannotRun, type Command, type CommandIo } from './command.ts';
import { makeLog } from './make-log.ts';
import { createMetrics } from './metrics.ts';
import { nextHops } from './next-hops.ts';
import { stopRequested } from './stop-requested.ts';

/** Messages that one worker judges or delivers at a time; opening waits for its children, delivery for the network. */
const CONCURRENCY = 24;
/** To the database; statements of many messages go together, so few are needed. */
const CONNECTIONS = 14;
/** For what is in hand when it is asked to stop; within what service managers wait. What is left then is taken up by others. */
const FINISH_MS = 45_000;

export const worker: Command = {
  name: 'worker',
  async run(args, io) {
    if (args.length > 0) throw new CannotRun('worker takes no arguments, settings come from the environment');
    const reading = readConfig(io.env);
    if (!reading.ok) throw new CannotRun(...reading.lines);
    const config = reading.value;
    if (config.databaseUrl === null) {
      throw new CannotRun(
        'DATABASE_URL: is not set, and workers of their own need a PostgreSQL that the server uses too',
      );
    }
    try {
      await work(config, io);
      return 0;
    } finally {
      // The channel to the server would keep a worker that could not start alive, and no other would be started for it.
      if (process.connected === true) process.disconnect?.();
    }
  },
};

async function work(config: Config, io: CommandIo): Promise<void> {
  const log = makeLog(config.logLevel, 'worker');
  const stop = stopRequested({
    ms: FINISH_MS,
    tell: () => log.error({}, 'ended with mail in hand, which others take up in half a minute: the database was away'),
  });
  const metrics = createMetrics();
  const backend = await startBackend(config, 'worker', CONNECTIONS, log, metrics.countPoolRestart);
  const host = config.mail.name ?? hostname();
  const nextHop = config.nextHop === null ? null : createSmtpNextHop(nextHops(config.mail, host), log);
  const queue = await backend.openQueue();
  // The children start while rules and registers are read.
  const warm = backend.warmUp();
  const source = await backend.startEngines();
  process.on('message', (message) => {
    if (message === 'refresh') void source.refresh();
    if (message === 'reload') void source.reload();
    if (message !== 'metrics') return;
    void metrics.registry.getMetricsAsJSON().then((measured) => process.send?.({ metrics: measured }));
  });
  process.on('SIGHUP', () => void source.reload());
  const alarm = { audit: backend.store.audit, log, count: metrics.countProbing };
  const engines = metrics.watchEngines(watchProbing(source, alarm));
  await warm;
  const running = await runWorker({
    store: metrics.watchClaims(backend.store.messages, backend.clock.now),
    queue,
    engine: () => engines.current(),
    nextHop: nextHop === null ? null : metrics.watchNextHop(nextHop),
    now: backend.clock.now,
    random: Math.random,
    newId: backend.newId,
    host,
    terms: config.mail,
    workerId: backend.workerId,
    concurrency: CONCURRENCY,
    log,
  });
  const retroScan = startRetroScan({ recalls: backend.store.recalls, engine: () => engines.current(), log });
  process.send?.('ready');
  if (process.send === undefined) io.out('holdfast: worker ready\n');
  await stop;
  await retroScan.stop();
  await running.stop();
  await backend.close();
}
