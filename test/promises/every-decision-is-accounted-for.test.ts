import { judgeMessage } from '../../src/service/judge-message.ts';
import { silentLog } from '../../src/service/log.ts';
import type { Outcome } from '../../src/service/service.ts';
import type { AuditAction } from '../../src/service/stores.ts';
import { aDatabase, storeKeys, type TestDatabase } from '../services/a-database.ts';
import { aCaller, aService, type TestService } from '../services/a-service.ts';

const submitter = aCaller(['submitter']);
const reviewer = aCaller(['reviewer'], 'analyst@department.example', 'user:reviewer');
const registrar = aCaller(['registrar'], null, 'user:registrar');
const envelope = { from: 'press@department.example', to: ['news@paper.example'] };

const keys = storeKeys();
let database: TestDatabase;
let house: TestService;
beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query('truncate message, embargo_entry, sensitivity_entry cascade');
  house = aService(database, { keys });
});

async function held(): Promise<string> {
  const content = Buffer.from('Subject: x\r\n\r\nrecord employment\r\n');
  const outcome = await house.service.submitMessage(content, envelope, submitter);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value.id;
}

const entry = {
  id: 'core-2017',
  title: 'CORE lettings',
  owner: 'core.team@department.example',
  columns: ['TENANCYCODE'],
  allowedRecipients: ['analyst@department.example'],
};

interface Act {
  readonly name: string;
  readonly action: AuditAction;
  readonly actor: string;
  /** Does it; answers what it was done to. */
  readonly run: () => Promise<{
    readonly target: string | null;
    readonly outcome: Outcome<unknown> | { readonly ok: true };
  }>;
  /** Whether it has happened. */
  readonly happened: (target: string | null) => Promise<boolean>;
}

const decide = (action: 'release' | 'reject' | 'release-at-lift', name: AuditAction, state: string): Act => ({
  name: action,
  action: name,
  actor: reviewer.id,
  async run() {
    const target = await held();
    return { target, outcome: await house.service.decideMessage(target, { action, reason: 'checked' }, reviewer) };
  },
  async happened(target) {
    const message = await house.store.messages.find(target ?? '');
    return message?.state === state && (action !== 'release-at-lift' || message.releaseAtLift);
  },
});

const acts: readonly Act[] = [
  decide('release', 'message.released', 'released'),
  decide('reject', 'message.rejected', 'rejected'),
  decide('release-at-lift', 'message.release-at-lift', 'held'),
  {
    name: 'reveal',
    action: 'message.revealed',
    actor: reviewer.id,
    async run() {
      const target = await held();
      return { target, outcome: await house.service.revealMessage(target, reviewer) };
    },
    // Nothing is left behind of a view but its row.
    happened: async () => false,
  },
  {
    name: 'edit an entry',
    action: 'sensitivity.put',
    actor: registrar.id,
    async run() {
      return { target: entry.id, outcome: await house.service.putSensitivity(entry.id, entry, registrar) };
    },
    happened: async () => (await house.store.registers.load()).documents.sensitivity.length > 0,
  },
  {
    name: 'import a folder',
    action: 'registers.imported',
    actor: 'command line',
    async run() {
      await house.store.registers.import({ embargoes: [], sensitivity: [entry] }, { actor: 'command line' });
      return { target: null, outcome: { ok: true } };
    },
    happened: async () => (await house.store.registers.load()).documents.sensitivity.length > 0,
  },
];

describe.each(acts)('$name', ({ action, actor, run, happened }) => {
  it('leaves one row that says who, what and to what, and the chain verifies', async () => {
    const { target, outcome } = await run();
    expect(outcome).toMatchObject({ ok: true });
    const rows = (await house.store.audit.list({ limit: 20 })).filter((row) => row.action === action);
    expect(rows[0]).toMatchObject({ actor, action, target });
    if (target !== null && target !== entry.id) expect(rows.filter((row) => row.target === target)).toHaveLength(1);
    expect(JSON.stringify(rows[0])).not.toContain('record employment');
    expect(await house.store.audit.verify()).toMatchObject({ ok: true });
  });

  it('does not happen where it cannot be written down', async () => {
    await database.pool.query(`alter table audit_log add constraint broken check (action <> '${action}') not valid`);
    let target: string | null = null;
    try {
      await expect(
        run().then((done) => {
          target = done.target;
        }),
      ).rejects.toThrow();
    } finally {
      await database.pool.query('alter table audit_log drop constraint broken');
    }
    const [newest] = await house.store.messages.list({ limit: 1 });
    expect(await happened(target ?? newest?.id ?? null)).toBe(false);
    expect(await house.store.audit.verify()).toMatchObject({ ok: true });
  });
});

it('what is refused leaves no row of having happened', async () => {
  const id = await held();
  const before = await house.store.audit.list({ limit: 100 });
  await house.service.decideMessage(id, { action: 'release', reason: 'checked' }, submitter);
  await house.service.revealMessage(id, aCaller(['reviewer']));
  await house.service.putSensitivity(entry.id, entry, reviewer);
  await judgeMessage(id, 'w', {
    store: house.store.messages,
    engine: () => house.engines.current(),
    now: () => house.now,
    log: silentLog,
  });
  expect(await house.store.audit.list({ limit: 100 })).toEqual(before);
});
