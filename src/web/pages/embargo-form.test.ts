import { anEmbargo } from '../../../test/fakes/fake-service.ts';
import { presentEmbargo } from '../api/present-entry.ts';
import {
  type EmbargoFields,
  embargoDocument,
  emptyEmbargoFields,
  fieldsMovedTo,
  fieldsOfEmbargo,
  previewEntry,
} from './embargo-form.ts';

const filled = (change: Partial<EmbargoFields>): EmbargoFields => ({ ...fieldsOfEmbargo(anEmbargo()), ...change });

describe('the form of a release', () => {
  it.each([
    ['a whole entry', anEmbargo()],
    ['an entry without access', anEmbargo({ preRelease: null, custodians: [], figures: [], public: [], series: null })],
    [
      'a summer entry with a quiet hour',
      anEmbargo({ until: Date.parse('2016-07-20T08:30:00Z'), quietUntil: Date.parse('2016-07-20T09:00:00Z') }),
    ],
    ['an entry of another zone', anEmbargo({ zone: 'America/New_York' })],
  ])('gives %s back as it was', (_what, entry) => {
    expect(embargoDocument(fieldsOfEmbargo(entry), entry)).toEqual(presentEmbargo(entry));
  });

  it('never shows a sealed figure, keeps it, and takes one that is entered anew in its place', () => {
    const entry = anEmbargo();
    expect(JSON.stringify(fieldsOfEmbargo(entry))).not.toMatch(/digest-|employment-rate/);
    const anew = embargoDocument(
      filled({ figures: 'employment-rate 74.0 percent\npeople-in-work, 31.39, million' }),
      entry,
    );
    expect(anew['figures']).toEqual([
      { measure: 'employment-rate', value: 74, unit: 'percent' },
      { measure: 'people-in-work', value: 31.39, unit: 'million' },
    ]);
  });

  // Moved by a week it opened 24 hours before, though it had been an hour: 23 hours more than anybody meant.
  it.each([
    ['an hour before', '2016-01-20T08:30:00Z', {}, '2016-01-27', '08:30'],
    ['the day before', '2016-01-19T09:30:00Z', {}, '2016-01-26', '09:30'],
    ['at the same hour over a clock change', '2016-01-19T09:30:00Z', { untilDay: '2016-03-28' }, '2016-03-27', '09:30'],
    ['as it is, where the new lift is no time', '2016-01-20T08:30:00Z', { untilTime: '' }, '2016-01-20', '08:30'],
    ['by the clock of another zone', '2016-01-20T08:30:00Z', { zone: 'Europe/Paris' }, '2016-01-27', '08:30'],
  ])('moves access that opens %s with the lift', (_what, opens, change, day, time) => {
    const { access } = anEmbargo().preRelease ?? { access: [] };
    const entry = anEmbargo({ preRelease: { opens: Date.parse(opens), access } });
    const lift = { untilDay: '2016-01-27', untilTime: '09:30', zone: 'Europe/London', ...change };
    expect(fieldsMovedTo(entry, lift)).toMatchObject({ ...lift, opensDay: day, opensTime: time });
  });

  it('leaves the instant at which the embargo begins where it is, though the new lift is told in another zone', () => {
    const entry = anEmbargo();
    const fields = fieldsMovedTo(entry, { untilDay: '2016-01-27', untilTime: '09:30', zone: 'America/New_York' });
    expect(previewEntry(fields)?.from).toBe(entry.from);
  });

  it.each([
    ['analyst@department.example', { email: 'analyst@department.example' }],
    [
      'a@b.example, Analyst, labour market, 2016-01-12',
      { email: 'a@b.example', role: 'Analyst, labour market', declared: '2016-01-12' },
    ],
    ['a@b.example\tAnalyst', { email: 'a@b.example', role: 'Analyst' }],
    ['a@b.example, 2016-01-12', { email: 'a@b.example', declared: '2016-01-12' }],
  ])('reads the person %j', (access, person) => {
    const document = embargoDocument(filled({ access }), null);
    expect(document['preRelease']).toEqual({ opens: '2016-01-19T09:30', access: [person] });
  });

  it.each([
    ['nothing entered', emptyEmbargoFields()],
    ['a lift before the beginning', filled({ untilDay: '2016-01-01' })],
    ['a time that does not exist', filled({ untilDay: '2016-03-27', untilTime: '01:30' })],
    ['a zone that does not exist', filled({ zone: 'Europe/Atlantis' })],
    ['a status that does not exist', filled({ status: 'perhaps' })],
  ])('says nothing in plain words of %s', (_what, fields) => {
    expect(previewEntry(fields)).toBeNull();
  });
});
