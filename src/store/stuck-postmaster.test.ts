import { isStuck } from './stuck-postmaster.ts';

const HELPERS = ['postgres: io worker 0', 'postgres: checkpointer ', 'postgres: background writer '];

it.each<[string, readonly string[], boolean]>([
  ['has no helpers yet', [], false],
  ['is open', [...HELPERS, 'postgres: walwriter ', 'postgres: autovacuum launcher '], false],
  ['recovers', [...HELPERS, 'postgres: startup recovering 000000010000000000000001'], false],
  ['failed to recover and waits for nothing, as after EIO of its disk', HELPERS, true],
  ['has a client whose name says otherwise', [...HELPERS, 'postgres: holdfast startup 127.0.0.1(1) idle'], true],
])('a server that %s', (_, titles, stuck) => {
  expect(isStuck(titles)).toBe(stuck);
});
