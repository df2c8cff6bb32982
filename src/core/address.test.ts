import { matchesAny, normaliseAddress } from './address.ts';

describe('a mailbox address as it is compared', () => {
  it.each([
    ['Zoe@Department.EXAMPLE', 'zoe@department.example'],
    ['Zoe Example <zoe@department.example>', 'zoe@department.example'],
    ['"zoe@evil.example" <zoe@department.example>', 'zoe@department.example'],
    ['zoe@department.example.', 'zoe@department.example'],
    ['mailto:zoe@department.example', 'zoe@department.example'],
    ['"zoe"@department.example', 'zoe@department.example'],
    ['zoe@büro.example', 'zoe@xn--bro-hoa.example'],
    ['zoe@BÜRO.example', 'zoe@xn--bro-hoa.example'],
    ['zoe@ｄｅｐａｒｔｍｅｎｔ.example', 'zoe@department.example'],
    ['"zoe smith"@department.example', '"zoe smith"@department.example'],
    ['zoe+press@department.example', 'zoe+press@department.example'],
    ['no address', 'no address'],
    ['', ''],
  ])('%s is %s', (written, compared) => {
    expect(normaliseAddress(written)).toBe(compared);
  });
});

describe('a list of addresses', () => {
  it.each([
    ['the listed one, in any case', 'ZOE@department.example', true],
    ['another name', 'joe@department.example', false],
    ['a sub-address, which is another mailbox', 'zoe+press@department.example', false],
    ['a Cyrillic letter that looks alike', 'zоe@department.example', false],
    ['a domain in its other form', 'ann@xn--bro-hoa.example', true],
    ['a domain in letters', 'ann@büro.example', true],
    ['a domain of a pattern', 'anybody@Statistics.example', true],
    ['a domain of a pattern with a dot behind', 'anybody@statistics.example.', true],
    ['a sub-domain of a pattern', 'anybody@mail.statistics.example', false],
    ['a distribution list that is not on it', 'all-staff@department.example', false],
    ['two addresses in one', 'zoe@department.example,joe@elsewhere.example', false],
    ['nothing', '', false],
    ['a domain alone', 'statistics.example', false],
  ])('has %s: %s, %s', (_what, address, expected) => {
    const list = ['zoe@department.example', 'ann@büro.example', '*@statistics.example'];
    expect(matchesAny(list, address)).toBe(expected);
  });
});
