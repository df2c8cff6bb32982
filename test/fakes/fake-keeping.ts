import type { NamedChange, RegisterKeeping } from '../../src/service/register-keeping.ts';
import type { Service } from '../../src/service/service.ts';
import { anEmbargo, FAKE_NOW } from './fake-service.ts';

/** By somebody else, of a release with a name that fits nowhere. */
const CHANGE: NamedChange = {
  id: 'change-1',
  register: 'embargo',
  entry: 'labour-market-2016-01',
  document: {
    id: 'labour-market-2016-01',
    title: `${'Unbroken'.repeat(20)} <script>window.hacked = true</script> \u202ertl رقم قياسي`,
    producer: 'Office'.repeat(30),
    subjects: ['labour-market'],
    embargo: { from: '2016-01-13T00:00', until: '2016-01-20T09:30', zone: 'Europe/London' },
    status: 'scheduled',
    figures: [{ measure: 'employment-rate', unit: 'percent' }],
  },
  base: null,
  hasSketch: false,
  written: ['figures.employment-rate.percent'],
  proposedBy: 'user:other',
  proposer: 'Other registrar',
  proposedAt: FAKE_NOW,
  state: 'waiting',
  decidedBy: null,
  decider: null,
  decidedAt: null,
  note: '',
  isOwn: false,
};

/** Saves through the service it is given; nothing waits, nothing is held. `faults` are what a check finds. */
export function fakeKeeping(service: Service, faults: readonly string[] = []): RegisterKeeping {
  const words = {
    subjects: [
      {
        id: 'labour-market',
        title: 'Labour market',
        measures: [
          { id: 'employment-rate', title: 'Employment rate', units: ['percent'] },
          { id: 'people-in-work', title: 'People in work', units: ['million', 'thousand'] },
        ],
      },
      {
        id: 'gdp',
        title: 'Gross domestic product',
        measures: [{ id: 'gdp-growth', title: 'GDP growth', units: ['percent'] }],
      },
    ],
    datasets: ['core-lettings'],
  } as const;
  const missing = { ok: false, refusal: { kind: 'not-found', message: 'there is no such change' } } as const;
  return {
    fourEyes: false,
    words: () => ({ ok: true, value: words }),
    checkEmbargo: async (id, _entry, caller) => {
      if (faults.length > 0) return { ok: false, refusal: { kind: 'invalid', message: faults.join('; ') } };
      const [entry] = (await service.registers(caller).then((all) => (all.ok ? all.value.embargoes : []))).filter(
        (one) => one.id === id,
      );
      return entry === undefined ? { ok: true, value: anEmbargo({ id }) } : { ok: true, value: entry };
    },
    checkSensitivity: async (id, _entry, caller) => service.sensitivity(id, caller),
    async saveEmbargo(id, entry, caller) {
      const put = await service.putEmbargo(id, entry, caller);
      return put.ok ? { ok: true, value: { kind: 'saved' } } : put;
    },
    async saveSensitivity(id, entry, caller) {
      const put = await service.putSensitivity(id, entry, caller);
      return put.ok ? { ok: true, value: { kind: 'saved' } } : put;
    },
    changes: async () => ({ ok: true, value: [CHANGE] }),
    change: async (id) => (id === CHANGE.id ? { ok: true, value: CHANGE } : missing),
    settleChange: async () => missing,
    heldBy: async () => ({ ok: true, value: { count: 0, items: [] } }),
    startSketch: async () => ({ ok: true, value: 'job-1' }),
    sketchJob: (id) => (id === 'job-1' ? { ok: true, value: { state: 'running', done: 300, total: 1000 } } : missing),
    readRows: async ({ content }) => ({
      ok: true,
      value: Buffer.from(content)
        .toString('utf8')
        .split(/\r?\n/)
        .map((line) => line.split(',')),
    }),
  };
}
