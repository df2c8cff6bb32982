import fc from 'fast-check';
import { z } from 'zod';
import { describeFault } from '../core/result.ts';
import { dotted, readYaml } from './read-yaml.ts';

const schema = z.strictObject({
  id: z.string(),
  when: z.strictObject({ from: z.string(), zone: z.enum(['UTC', 'Europe/London']).optional() }),
  list: z.array(z.strictObject({ name: z.string(), value: z.number() })).max(3),
  either: z.union([z.string(), z.strictObject({ sealed: z.string() })]).optional(),
});

const VALID = `id: a
when: { from: "2016-01-13T00:00", zone: UTC }
list:
  - { name: x, value: 74.1 }
  - name: y
    value: 31.39
either: { sealed: b }
`;

function read(text: string) {
  return readYaml({ file: 'f.yaml', path: 'f.yaml', text }, schema);
}

function faults(text: string): readonly string[] {
  const result = read(text);
  return result.ok ? [] : result.error.map(describeFault);
}

describe('reading YAML', () => {
  it('takes what fits, and says where a key stands', () => {
    const result = read(VALID);
    if (!result.ok) throw new Error('fits');
    expect(result.value.value.list[1]).toEqual({ name: 'y', value: 31.39 });
    expect(result.value.fault(['list', 1, 'value'], 'm')).toMatchObject({ line: 6, column: 5, key: 'list[1].value' });
    expect(result.value.fault(['list', 0, 'value'], 'm')).toMatchObject({ line: 4, column: 16 });
    expect(result.value.fault(['when', 'until'], 'm')).toMatchObject({ line: 2, column: 1, key: 'when.until' });
    expect(result.value.fault([], 'm')).toMatchObject({ line: 1, column: 1, key: null });
  });

  it.each([
    ['Windows line ends', VALID.replaceAll('\n', '\r\n')],
    ['a document mark', `---\n${VALID}...\n`],
    ['comments', `# before\n${VALID}# after\n`],
    ['no line end at the end', VALID.trimEnd()],
    ['an anchor that nothing uses', VALID.replace('id: a', 'id: &id a')],
    ['a known tag', VALID.replace('id: a', 'id: !!str a')],
  ])('takes %s', (_what, text) => {
    expect(faults(text)).toEqual([]);
  });

  it.each([
    ['YAML 1.1', `%YAML 1.1\n---\n${VALID.replace('id: a', 'id: yes')}`, 'yes'],
    ['a day', VALID.replace('id: a', 'id: 2016-01-20'), '2016-01-20'],
    ['a time of minutes and seconds', VALID.replace('id: a', 'id: 09:30'), '09:30'],
    ['the word no', VALID.replace('id: a', 'id: no'), 'no'],
  ])('reads plain words as YAML 1.2 does: %s', (_what, text, id) => {
    const result = read(text);
    expect(result.ok && result.value.value.id).toBe(id);
  });

  it.each([
    [
      'a merge key',
      VALID.replace('id: a', 'id: a\n<<: { b: 1 }'),
      'f.yaml:2:1: <<: unknown key, remove it or use one of id, when, list, either',
    ],
    [
      'an unknown key beside its meaning',
      VALID.replace('list:', 'lists:'),
      'f.yaml:3:1: lists: unknown key, did you mean "list"?',
    ],
    [
      'a union that nothing fits',
      VALID.replace('{ sealed: b }', '{ seald: b }'),
      'f.yaml:7:11: either.seald: unknown key, did you mean "sealed"?',
    ],
    [
      'infinity',
      VALID.replace('74.1', '.inf'),
      'f.yaml:4:16: list[0].value: expected a number, found no finite number, mend it',
    ],
    [
      'too many items',
      VALID.replace('list:\n', `list:\n${'  - { name: z, value: 1 }\n'.repeat(2)}`),
      'f.yaml:3:1: list: has too many items, at most 3',
    ],
    [
      'nothing where a map belongs',
      VALID.replace('{ from: "2016-01-13T00:00", zone: UTC }', ''),
      'f.yaml:2:1: when: expected a map of keys, found nothing, give it a value or remove the key',
    ],
    [
      'an item that is nothing',
      VALID.replace('- { name: x, value: 74.1 }', '-'),
      'f.yaml:4:4: list[0]: expected a map of keys, found nothing, give it a value or remove the key',
    ],
  ])('says what is wrong with %s', (_what, text, line) => {
    expect(faults(text)).toEqual([line]);
  });

  it('never throws, and gives one line for each fault, whatever stands in the file', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc.string({ unit: fc.constantFrom(...'[]{}:-,#&*!|>\'"%@`? \n\ta1.') }),
        ),
        (text) => {
          for (const line of faults(text)) expect(line).toMatch(/^f\.yaml:[1-9]\d*:[1-9]\d*: [^\n\r]+$/);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never throws on a file with one thing wrong, and never repeats a number of it', () => {
    const place = fc.integer({ min: 0, max: VALID.length });
    fc.assert(
      fc.property(
        place,
        fc.integer({ min: 0, max: 4 }),
        fc.string({ maxLength: 4, unit: 'binary' }),
        (at, cut, put) => {
          const text = VALID.slice(0, at) + put + VALID.slice(at + cut);
          for (const line of faults(text)) {
            expect(line).toMatch(/^f\.yaml:[1-9]\d*:[1-9]\d*: [^\n\r]+$/);
            expect(line).not.toMatch(/74\.1|31\.39/);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is not slowed by many keys', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
    const started = performance.now();
    expect(read(text).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('a dotted key', () => {
  it.each([
    [['embargo', 'until'], 'embargo.until'],
    [['figures', 0, 'unit'], 'figures[0].unit'],
    [['figures', 'value 31.39', 'unit'], 'figures.?.unit'],
    [[], null],
  ])('%j is %s', (path, text) => {
    expect(dotted(path)).toBe(text);
  });
});
