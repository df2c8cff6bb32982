import { isOurs } from './tell-people.ts';

it.each([
  ['officer@department.example', true],
  ['Officer@DEPARTMENT.example', true],
  ['officer@department.example.', true],
  ['a@b@department.example', false],
  ['"a b"@department.example', false],
  ['officer@department.example,x@elsewhere.example', false],
  ['@department.example', false],
])('an address is ours or not: %s', (address, expected) => {
  expect(isOurs(address, ['department.example'])).toBe(expected);
});
