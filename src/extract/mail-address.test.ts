import { parseAddresses, readableAddresses } from './mail-address.ts';

describe('an address header', () => {
  it.each([
    ['"Joe Q. Public" <joe@one.example>', 'Joe Q. Public <joe@one.example>', ['joe@one.example']],
    ['"Giant; \\"Big\\" Box" <box@one.example>', 'Giant; "Big" Box <box@one.example>', ['box@one.example']],
    [
      'Pete(A \\) chap) <pete(his account)@silly.example>',
      'Pete(A ) chap) <pete@silly.example>',
      ['pete@silly.example'],
    ],
    ['jdoe@test   . example', 'jdoe@test.example', ['jdoe@test.example']],
    ['"=?utf-8?Q?J=C3=B6rg?=" <j@one.example>', 'Jörg <j@one.example>', ['j@one.example']],
    [
      'A Group:Ed <ed@one.example>, joe@one.example;',
      'A Group:Ed <ed@one.example>, joe@one.example;',
      ['ed@one.example', 'joe@one.example'],
    ],
    [
      '"a, b" <x@one.example>, y@two.example',
      'a, b <x@one.example>, y@two.example',
      ['x@one.example', 'y@two.example'],
    ],
  ])('%s reads well, and gives its addresses', (header, shown, addresses) => {
    expect(readableAddresses(header)).toBe(shown);
    expect(parseAddresses(header)).toEqual(addresses);
  });
});
