import { mutantsOf } from './mutators.ts';

const source = `import { a } from './a.ts'; // a === b
/** c && d */
export function f(x: number): boolean {
  if (x === 0 || ready(x)) return true;
  return 'a && b' !== name && !seen(name) && / < /.test(name);
}
`;

test('what a person mistakes is changed, and neither comments, imports, strings nor patterns are', () => {
  expect(mutantsOf(source).map(({ line, what }) => `${line}: ${what}`)).toEqual([
    '4: if ( → if (!',
    '4: === → !==',
    '4: || → &&',
    '4: true → false',
    '5: !== → ===',
    '5: && → ||',
    '5: ! → nothing',
    '5: && → ||',
  ]);
});

test('a condition is negated as a whole', () => {
  expect(mutantsOf(source)[0]?.mutated).toContain('if (!(x === 0 || ready(x))) return true;');
});
