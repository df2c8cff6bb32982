import { randomBytes } from 'node:crypto';
import { readAll } from '../../src/core/byte-source.ts';
import type { EmbargoEntry, Instant, Registers } from '../../src/core/entry.ts';
import type { OpenedMessage } from '../../src/core/part.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { Detector } from '../../src/detect/detector.ts';
import { ephemeralKeyRing } from '../../src/registers/keys.ts';
import type { CompiledRules } from '../../src/rules/compiled-rules.ts';
import type { Engine, Opener } from '../../src/scan/engine.ts';
import { createEngine } from '../../src/scan/scan-message.ts';
import { createService } from '../../src/service/create-service.ts';
import { type EngineSource, NotReady } from '../../src/service/engine-source.ts';
import { silentLog } from '../../src/service/log.ts';
import { newMessageId } from '../../src/service/message-id.ts';
import type { Caller, PendingJob, Role } from '../../src/service/ports.ts';
import type { Service } from '../../src/service/service.ts';
import { createStore, type Store } from '../../src/store/open-store.ts';
import type { StoreKeys } from '../../src/store/store-keys.ts';
import { aDataset, anEmbargo } from '../fakes/fake-service.ts';
import { storeKeys, type TestDatabase } from './a-database.ts';

/** The use cases over a real store, with an engine that knows three words and can be told to fail. */
export interface TestService {
  readonly service: Service;
  readonly store: Store;
  readonly engines: EngineSource;
  readonly hints: PendingJob[];
  now: Instant;
  embargoes: readonly EmbargoEntry[];
  problems: readonly string[];
  failing: boolean;
}

const policy: Policy = {
  quietPeriod: 'hold',
  incomplete: 'hold',
  unregisteredSensitive: 'hold',
  unregisteredPlain: 'flag',
  attributed: 'hold',
  detectors: {},
};

const rules: CompiledRules = {
  version: 'rules-1',
  subjects: [],
  directions: { claims: [] } as unknown as CompiledRules['directions'],
  datasets: [],
  identifiers: [],
  markings: [],
  policy,
  thresholds: {},
};

/** "record employment" concerns the release, "74.0" too and equals its figure, "TENANCYCODE" is the dataset, "encrypted" a part that does not open. */
const words: Detector = {
  name: 'direction',
  detect(message, { registers }) {
    return message.parts.flatMap((part) => {
      if (part.content.kind !== 'text') return [];
      const { text } = part.content;
      const at = (word: string) => {
        const start = text.indexOf(word);
        return start < 0 ? null : { start, end: start + word.length };
      };
      const common = { path: part.path, severity: 'high', rule: 'test' } as const;
      const [release] = registers.embargoes;
      const [dataset] = registers.sensitivity;
      const said = at('record employment') ?? at('74.0');
      const records = at('TENANCYCODE');
      return [
        ...(said === null || release === undefined
          ? []
          : [
              {
                ...common,
                detector: 'direction',
                entry: release.id,
                span: said,
                summary: 'Says which way.',
                weight: 'embargoed',
                ...(text.includes('74.0') ? { insight: 'Equals the figure.' } : {}),
              } as const,
            ]),
        ...(records === null || dataset === undefined
          ? []
          : [
              {
                ...common,
                detector: 'record-level',
                entry: dataset.id,
                span: records,
                summary: 'Records.',
                weight: 'protected',
              } as const,
            ]),
      ];
    });
  },
};

export function aService(
  database: TestDatabase,
  options: { readonly delivers?: boolean; readonly keys?: StoreKeys } = {},
): TestService {
  const keyRing = ephemeralKeyRing(randomBytes(32));
  const hints: PendingJob[] = [];
  const open: Opener = async ({ name, source }) => {
    if (state.failing) throw new Error('the opener broke');
    const text = Buffer.from(await readAll(source)).toString('utf8');
    const subject = /^Subject: (.*)$/m.exec(text)?.[1] ?? '';
    const opened: OpenedMessage = {
      parts: [
        { path: 'body', type: 'text/plain', bytes: source.size, content: { kind: 'text', role: 'body', text } },
        ...(text.includes('encrypted')
          ? [
              {
                path: 'a.zip',
                type: 'application/zip',
                bytes: 1,
                content: { kind: 'incomplete', reason: 'encrypted' },
              } as const,
            ]
          : []),
      ],
      headers: name.endsWith('.eml')
        ? { from: [], to: [], cc: [], bcc: [], subject, messageId: null, date: null, inReplyTo: null }
        : null,
    };
    return opened;
  };
  const registers = (): Registers => ({ embargoes: state.embargoes, sensitivity: [aDataset()] });
  const engine = (): Engine =>
    createEngine({ rules, registers: registers(), detectors: [words], open, matchesSealed: () => false });
  const engines: EngineSource = {
    current: async () => {
      if (state.problems.length > 0) throw new NotReady(state.problems);
      return engine();
    },
    rules: () => rules,
    problems: () => state.problems,
    reload: async () => {},
    refresh: async () => {},
    stop: async () => {},
  };
  const store = createStore(database.pool, options.keys ?? storeKeys(), () => state.now);
  const state: { -readonly [K in keyof TestService]: TestService[K] } = {
    now: Date.parse('2016-01-20T09:22:00Z'),
    embargoes: [anEmbargo()],
    problems: [],
    failing: false,
    hints,
    store,
    engines,
    service: createService({
      ...store,
      queue: { add: async (job) => void hints.push(job) },
      engines,
      open,
      keys: keyRing,
      clock: { now: () => state.now, fixed: true },
      newId: () => newMessageId(),
      workerId: 'test',
      delivers: options.delivers ?? true,
      log: silentLog,
    }),
  };
  return state;
}

export function aCaller(roles: readonly Role[], address: string | null = null, id = `user:${roles.join()}`): Caller {
  return { id, name: id, address, roles };
}
