import { xforwardCommands } from './forward-client.ts';

const OFFERED = 'NAME ADDR PORT PROTO HELO IDENT SOURCE';

test.each<[string, Record<string, string> | undefined, string | undefined, readonly string[]]>([
  ['nothing where nothing is known', undefined, OFFERED, []],
  ['nothing to a server that does not ask', { ADDR: '192.0.2.1' }, undefined, []],
  ['what the server takes alone', { ADDR: '192.0.2.1', HELO: 'pc.example' }, 'ADDR', ['XFORWARD ADDR=192.0.2.1']],
  [
    'values as they came',
    { NAME: '[UNAVAILABLE]', ADDR: 'IPv6:2001:db8::1', HELO: 'a+20b' },
    OFFERED,
    ['XFORWARD NAME=[UNAVAILABLE] ADDR=IPv6:2001:db8::1 HELO=a+20b'],
  ],
  ['no value that would end the line', { ADDR: '192.0.2.1\r\nQUIT', HELO: 'a b' }, OFFERED, []],
  [
    'no line longer than SMTP allows',
    { NAME: 'n'.repeat(250), HELO: 'h'.repeat(250) },
    OFFERED,
    [`XFORWARD NAME=${'n'.repeat(250)}`, `XFORWARD HELO=${'h'.repeat(250)}`],
  ],
])('says %s', (_, forwarded, offered, expected) => {
  expect(xforwardCommands(forwarded, offered)).toEqual(expected);
});
