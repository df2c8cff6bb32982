import { countLosses, type Evidence, isWhole, makeToken, readToken } from './count-losses.ts';

// A harness that could not find a loss would find none.

const CLEAN = makeToken('clean', 1, 'd1', 1);
const HELD = makeToken('held', 1, 'd1', 2);
const EMBARGOED = makeToken('embargoed', 1, 'd1', 3);
const TRANSIT = makeToken('clean', 1, 'ma1', 4);
const LIFT = 1000;

const delivered = (token: string, id = 'i', when = LIFT + 1) => ({ token, id, when, during: 0 });
const kept = (token: string, state: string, id = 'i', mayLeave = true) => ({ id, token, state, mayLeave });

function found(change: Partial<Evidence>, token = CLEAN, isReleased = false) {
  return countLosses({
    acknowledged: [{ token, isReleased }],
    copies: [],
    kept: [],
    ahead: new Set(),
    returned: new Set(),
    inWindow: new Map(),
    unsaid: new Map(),
    lift: LIFT,
    ...change,
  });
}

test.each<[string, ReturnType<typeof found>]>([
  ['delivered once', found({ copies: [delivered(CLEAN)], kept: [kept(CLEAN, 'delivered')] })],
  ['returned to its sender', found({ returned: new Set([CLEAN]), kept: [kept(CLEAN, 'returned')] })],
  ['held', found({ kept: [kept(HELD, 'held', 'i', false)] }, HELD)],
  ['held and released', found({ copies: [delivered(HELD)], kept: [kept(HELD, 'delivered')] }, HELD, true)],
  [
    'embargoed and gone after the lift',
    found({ copies: [delivered(EMBARGOED)], kept: [kept(EMBARGOED, 'delivered')] }, EMBARGOED),
  ],
  ['passed by the milter, without an id', found({ copies: [delivered(TRANSIT, '(none)')] }, TRANSIT)],
  [
    'repeated under its id, from the window',
    found({
      copies: [delivered(CLEAN), delivered(CLEAN)],
      kept: [kept(CLEAN, 'delivered')],
      inWindow: new Map([['i', 1]]),
    }),
  ],
])('whole: %s', (_, losses) => {
  expect(losses).toMatchObject({ acknowledged: 1, lost: [], leaked: [], waiting: [], doubled: [] });
  expect(isWhole(losses)).toBe(true);
});

test.each<['lost' | 'leaked' | 'waiting' | 'doubled', string, ReturnType<typeof found>]>([
  ['lost', 'nowhere', found({})],
  ['lost', 'recorded as delivered, and never seen', found({ kept: [kept(CLEAN, 'delivered')] })],
  ['lost', 'returned without a notice', found({ kept: [kept(CLEAN, 'returned')] })],
  ['leaked', 'a held mail that went', found({ copies: [delivered(HELD)], kept: [kept(HELD, 'delivered')] }, HELD)],
  ['leaked', 'without a verdict', found({ copies: [delivered(CLEAN)], kept: [kept(CLEAN, 'scanning', 'i', false)] })],
  [
    'leaked',
    'before the lift',
    found({ copies: [delivered(EMBARGOED, 'i', LIFT - 1)], kept: [kept(EMBARGOED, 'delivered')] }, EMBARGOED),
  ],
  [
    'leaked',
    'held, and never acknowledged',
    found({ acknowledged: [], copies: [delivered(HELD)], kept: [kept(HELD, 'delivered')] }),
  ],
  ['waiting', 'in Postfix', found({ ahead: new Set([CLEAN]) })],
  ['waiting', 'in the record', found({ kept: [kept(CLEAN, 'cleared')] })],
  [
    'doubled',
    'more often than it was in the window',
    found({
      copies: [delivered(CLEAN), delivered(CLEAN), delivered(CLEAN)],
      kept: [kept(CLEAN, 'delivered')],
      unsaid: new Map([['i', 1]]),
    }),
  ],
  [
    'doubled',
    'under two ids',
    found({
      copies: [delivered(CLEAN), delivered(CLEAN, 'j')],
      kept: [kept(CLEAN, 'delivered'), kept(CLEAN, 'delivered', 'j')],
    }),
  ],
  ['doubled', 'stored twice', found({ kept: [kept(HELD, 'held', 'i', false), kept(HELD, 'held', 'j', false)] }, HELD)],
  [
    'doubled',
    'outside the window',
    found({ copies: [delivered(CLEAN), delivered(CLEAN)], kept: [kept(CLEAN, 'delivered')] }),
  ],
])('%s: %s', (what, _, losses) => {
  expect(losses[what]).toHaveLength(1);
  expect(isWhole(losses)).toBe(false);
});

test('a token tells what it is', () => {
  expect(readToken(TRANSIT)).toEqual({ kind: 'clean', round: 1, isTransit: true });
  expect(readToken(HELD)).toEqual({ kind: 'held', round: 1, isTransit: false });
});
