import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import type { Config } from '../config.ts';
import { detectors } from '../detect/index.ts';
import { createBullQueue } from '../queue/bullmq-queue.ts';
import { createEmbeddedQueue } from '../queue/embedded-queue.ts';
import type { KeyRing } from '../registers/keys.ts';
import type { Opener } from '../scan/engine.ts';
import type { PoolOptions } from '../scan/scan-pool.ts';
import { type EngineSource, startEngineSource } from '../service/engine-source.ts';
import type { Log } from '../service/log.ts';
import { newMessageId } from '../service/message-id.ts';
import { createSilentObserver } from '../service/observe-silently.ts';
import type { JobQueue } from '../service/ports.ts';
import type { Service } from '../service/service.ts';
import { createSilentSides } from '../service/silent-sides.ts';
import { type LiveKeys, openLiveKeys } from '../store/live-keys.ts';
import {
  createStore,
  type OpenDatabase,
  openStore,
  prepareDataFolder,
  type Store,
  StoreFault,
  type StoreSettings,
} from '../store/open-store.ts';
import { type Presence, startPresence } from '../store/presence.ts';
import { readRules } from '../store/read-rules.ts';
import { storeKeys } from '../store/store-keys.ts';
import { tryRules } from '../store/try-rules.ts';
import { watchFolder } from '../store/watch-folder.ts';
import { CannotRun, orEnd } from './command.ts';
import { SHIPPED_RULES } from './load-engine.ts';
import { makeOpener } from './make-opener.ts';

/** What `serve` and `worker` share: store, keys, engine and queue. */
export interface Backend {
  readonly database: OpenDatabase;
  readonly keys: KeyRing;
  readonly store: Store;
  /** Reads rules and registers, which takes a second, and goes on to judge by their newest. Call it once. */
  startEngines(): Promise<EngineSource>;
  readonly open: Opener;
  /** Starts the children that open messages now, instead of with the first message. */
  warmUp(): Promise<void>;
  readonly clock: Service['clock'];
  readonly newId: () => string;
  /** Unique to this process: claims carry it. */
  readonly workerId: string;
  openQueue(): Promise<JobQueue>;
  /** Everything but the queue, in the order that lets what is in hand finish. */
  close(): Promise<void>;
}

/** @throws CannotRun with one line that says which setting and what to do. */
export async function startBackend(
  config: Config,
  role: StoreSettings['role'],
  connections: number,
  log: Log,
  onOpenerLost: PoolOptions['onLost'] = () => {},
): Promise<Backend> {
  const clock = clockOf(config);
  const live = await openKeys(config);
  const keys = live.ring;
  const database = await openStore({
    data: config.data,
    databaseUrl: config.databaseUrl,
    role,
    connections,
    onError: (err) => log.warn({ err }, 'database connection lost'),
  }).catch(orCannotRun);
  try {
    const store = createStore(
      database.pool,
      storeKeys(keys, live.reread),
      clock.now,
      config.access,
      config.keepDeliveredDays > 0,
    );
    // New keys beside an old database would lock everything that is held away, and judge on as if nothing were wrong.
    if (!(await store.audit.isOurs())) {
      throw new CannotRun(
        `HOLDFAST_KEY_FILE ${config.keyFile}: is not the key file this database was made with: restore it from its backup`,
      );
    }
    const opener = makeOpener({ limits: config.limits, onLost: onOpenerLost });
    let engines: EngineSource | null = null;
    const workerId = `${hostname()}/${process.pid}/${randomBytes(4).toString('hex')}`;
    const presence: Presence | null =
      role === 'command' ? null : await startPresence(database.pool, { id: workerId, role, keys: live }, log);
    let watch: ReturnType<typeof watchFolder> | null = null;
    const ruleFolder = config.rules ?? SHIPPED_RULES;
    const startEngines = () =>
      startEngineSource({
        loadRules: () => readRules(ruleFolder),
        registers: store.registers,
        falseAlarms: store.reviews.falseAlarmsInForce,
        keys,
        silent: {
          sides: createSilentSides({
            trials: store.silentTrials,
            tryRules: (path, text) => tryRules(ruleFolder, path, text),
            key: keys,
            log,
          }),
          observer: createSilentObserver(store.silentTrials, log),
        },
        detectors,
        open: opener.open,
        log,
      });
    return {
      database,
      keys,
      store,
      async startEngines() {
        const source = await startEngines();
        engines = source;
        watch = watchFolder(ruleFolder, () => void source.reload());
        return source;
      },
      open: opener.open,
      warmUp: opener.warmUp,
      clock,
      newId: () => newMessageId(),
      workerId,
      openQueue: async () =>
        config.redisUrl === null ? createEmbeddedQueue(database.pool, log) : createBullQueue(config.redisUrl, log),
      async close() {
        await watch?.stop();
        await engines?.stop();
        await presence?.stop();
        await opener.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Before the database is started: a fault here is found at once. */
async function openKeys(config: Config): Promise<LiveKeys> {
  try {
    prepareDataFolder(config.data);
  } catch (error) {
    orCannotRun(error);
  }
  return orEnd(await openLiveKeys(config, Date.now()));
}

function orCannotRun(error: unknown): never {
  throw error instanceof StoreFault ? new CannotRun(error.message) : error;
}

function clockOf({ fixedNow }: Config): Service['clock'] {
  return { now: fixedNow === null ? () => Date.now() : () => fixedNow, fixed: fixedNow !== null };
}
