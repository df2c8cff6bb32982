import type { EmbargoEntry } from '../../src/core/entry.ts';

/** The labour market release of January 2016, access opening the day before. */
export function anEmbargo(changes: Partial<EmbargoEntry> = {}): EmbargoEntry {
  return {
    id: 'labour-market-2016-01',
    title: 'UK Labour Market, January 2016',
    producer: 'Office of Examples',
    series: 'labour-market',
    page: null,
    subjects: ['labour-market'],
    from: Date.parse('2016-01-13T00:00:00Z'),
    until: Date.parse('2016-01-20T09:30:00Z'),
    zone: 'Europe/London',
    preRelease: {
      opens: Date.parse('2016-01-19T09:30:00Z'),
      access: [{ email: 'analyst@department.example', role: null, declared: null }],
    },
    custodians: ['*@statistics.example'],
    status: 'scheduled',
    figures: [],
    public: [],
    quietUntil: null,
    ...changes,
  };
}
