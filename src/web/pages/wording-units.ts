/** Units as people read them, in the order of a form. */
export const UNIT_WORDS = [
  { id: 'percent', title: 'per cent' },
  { id: 'percentage-points', title: 'percentage points' },
  { id: 'count', title: 'number' },
  { id: 'thousand', title: 'thousand' },
  { id: 'million', title: 'million' },
  { id: 'billion', title: 'billion' },
  { id: 'gbp', title: 'pounds' },
  { id: 'gbp-thousand', title: 'thousand pounds' },
  { id: 'gbp-million', title: 'million pounds' },
  { id: 'gbp-billion', title: 'billion pounds' },
  { id: 'index', title: 'index' },
  { id: 'ratio', title: 'ratio' },
] as const;
