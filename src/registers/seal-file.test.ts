import { readYaml } from '../text/read-yaml.ts';
import { EmbargoDocument } from './embargo-document.ts';
import { addMasterKey, keyRing } from './keys.ts';
import { unsealValue } from './seal.ts';
import { sealFile } from './seal-file.ts';
import { openPassword } from './seal-password.ts';
import { writeEntry } from './write-entry.ts';

const first = addMasterKey(null, new Uint8Array(32).fill(3), '2026-01-01T00:00:00.000Z');
const ring = keyRing(first);
const HEAD = `# kept comment
id: release-1   # and this one
title: A release
producer: An office
subjects: [labour-market]
embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }
`;

function seal(text: string, keys = ring) {
  return sealFile({ file: 'a.yaml', path: 'embargoes/a.yaml', text }, keys);
}

function read(text: string): EmbargoDocument {
  const result = readYaml({ file: 'a.yaml', path: 'embargoes/a.yaml', text }, EmbargoDocument);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.value;
}

describe('sealing a file in place', () => {
  it.each([
    [
      'flow items',
      'figures:\n  - { measure: employment-rate, value: 74.25, unit: percent } # first 74.25\n  - { measure: people-in-work, value: 31.39, unit: million }\nstatus: scheduled\n',
    ],
    [
      'block items',
      'figures:\n  - measure: employment-rate\n    value: 74.25 # first 74.25\n    unit: percent\n\n  - measure: people-in-work\n    unit: million\n    value: 31.39\nstatus: scheduled\n',
    ],
    [
      'a flow list',
      'figures: [{ measure: employment-rate, value: 74.25, unit: percent }, # first 74.25\n  { measure: people-in-work, value: 31.39, unit: million }]\nstatus: scheduled\n',
    ],
    [
      'the end of the file',
      'status: scheduled\nfigures:\n- measure: employment-rate\n  value: 74.25\n  unit: percent\n- measure: people-in-work\n  value: 31.39\n  unit: million',
    ],
    [
      'line ends of Windows',
      'figures:\r\n  - { measure: employment-rate, value: 74.25, unit: percent } # 74.25\r\n  - { measure: people-in-work, value: 31.39, unit: million }\r\nstatus: scheduled\r\n',
    ],
  ])('replaces the figures of %s and nothing else', (_what, figures) => {
    const sealed = seal(HEAD + figures);
    expect(sealed).toMatchObject({ sealed: 2, tellingLines: [] });
    expect(sealed.text).not.toMatch(/74\.25|31\.39/);
    expect(sealed.text.startsWith(HEAD)).toBe(true);
    const document = read(sealed.text);
    expect(document.status).toBe('scheduled');
    const values = document.figures?.map(({ measure, unit, sealed: box }) =>
      box === undefined ? null : unsealValue(box, { entry: 'release-1', measure, unit }, ring),
    );
    expect(values).toEqual([74.25, 31.39]);
  });

  it.each([
    ['a flow list', 'passwords: [correct horse, "00 00"] # correct horse\nstatus: scheduled\n'],
    ['block items', 'passwords:\n  - correct horse # as agreed\n  - "00 00"\nstatus: scheduled\n'],
  ])('replaces the passwords of %s', (_what, passwords) => {
    const sealed = seal(HEAD + passwords);
    expect(sealed.sealed).toBe(2);
    expect(sealed.text.replace(/ # correct horse/, '')).not.toMatch(/horse|00 00/);
    expect(read(sealed.text).status).toBe('scheduled');
    expect(read(sealed.text).passwords?.map((one) => openPassword(one, 'release-1', ring))).toEqual([
      'correct horse',
      '00 00',
    ]);
    expect(seal(sealed.text).sealed).toBe(0);
  });

  it('leaves a sealed file as it is, byte for byte', () => {
    const once = seal(`${HEAD}figures:\n  - { measure: employment-rate, value: 74.25, unit: percent }\n`);
    expect(seal(once.text)).toEqual({ text: once.text, sealed: 0, tellingLines: [] });
  });

  it('seals anew what an older key sealed', () => {
    const once = seal(`${HEAD}figures:\n  - { measure: employment-rate, value: 74.25, unit: percent }\n`);
    const rotated = keyRing(addMasterKey(first, new Uint8Array(32).fill(4), '2026-02-01T00:00:00.000Z'));
    const again = seal(once.text, rotated);
    expect(again.sealed).toBe(1);
    expect(read(again.text).figures?.[0]?.sealed?.key).toBe(rotated.current.id);
  });

  it('says where a comment still writes a sealed value', () => {
    const text = `${HEAD}# up to 74.25 from 74.0\nfigures:\n  - { measure: employment-rate, value: 74.25, unit: percent }\n`;
    expect(seal(text).tellingLines).toEqual([7]);
  });
});

describe('writing an entry', () => {
  it('reads back as the same entry, sealed figures included', () => {
    const sealed = seal(
      `${HEAD}preRelease:\n  opens: "2016-01-19T09:30"\n  access:\n    - { email: a@b.example, role: "Yes: no #1", declared: "2016-01-12" }\nfigures:\n  - { measure: employment-rate, value: 74.25, unit: percent }\npublic:\n  - { measure: employment-rate, value: -0.5, unit: percent, release: r }\nquietUntil: "2016-01-20T10:00"\n`,
    );
    const entry = read(sealed.text);
    const text = writeEntry(entry);
    expect(read(text)).toEqual(entry);
    const disordered = Object.fromEntries(Object.entries(entry).toReversed()) as EmbargoDocument;
    expect(writeEntry(disordered)).toBe(text);
    expect(text).toMatch(/^id: release-1\ntitle: A release\n/);
    expect(text).toMatch(/^ {2}- \{ measure: employment-rate, unit: percent, sealed: \{ key: k1-.*\n/m);
    expect(text).toContain('embargo: { from: "2016-01-13T00:00", until: "2016-01-20T09:30", zone: Europe/London }');
    expect(text).toContain('- { email: a@b.example, role: "Yes: no #1", declared: "2016-01-12" }');
  });
});
