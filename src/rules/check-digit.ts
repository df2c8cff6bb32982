const POSTCODE_AREAS = new Set(
  (
    'AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU HA HD ' +
    'HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S ' +
    'SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE GY JE IM'
  ).split(' '),
);
const UPN_LETTERS = 'ABCDEFGHJKLMNPQRTUVWXYZ';

/** Checks that a pattern cannot state; each takes the cell as it stands. */
export const checks = {
  /** Modulus 11 over nine digits (NHS Data Dictionary, NHS NUMBER); a remainder that needs "10" is no number. */
  'nhs-number': (cell: string) => modulus11(cell),
  /** Unique learner number: the same weights, but a check digit of ten minus the remainder. */
  uln: (cell: string) => {
    const digits = digitsOf(cell);
    if (digits.length !== 10) return false;
    const rest = weightedSum(digits) % 11;
    return rest !== 0 && 10 - rest === digits[9];
  },
  /** Unique pupil number: the letter is the sum of the twelve characters weighted 2 to 13, modulo 23; a temporary one ends in a letter. */
  upn: (cell: string) => {
    const folded = cell.toUpperCase().replace(/\s/g, '');
    const body = [...folded.slice(1)].map((each) =>
      each >= '0' && each <= '9' ? Number(each) : UPN_LETTERS.indexOf(each),
    );
    if (body.length !== 12 || body.some((each) => each < 0)) return false;
    const sum = body.reduce((total, each, at) => total + each * (at + 2), 0);
    return UPN_LETTERS[sum % 23] === folded[0];
  },
  /** One of the 124 postcode areas, so that room and product numbers of the same shape do not count. */
  'postcode-area': (cell: string) => POSTCODE_AREAS.has(/^[A-Za-z]{1,2}/.exec(cell.trim())?.[0].toUpperCase() ?? ''),
} as const satisfies Readonly<Record<string, (cell: string) => boolean>>;

export type CheckName = keyof typeof checks;

function modulus11(cell: string): boolean {
  const digits = digitsOf(cell);
  if (digits.length !== 10) return false;
  const check = 11 - (weightedSum(digits) % 11);
  return check !== 10 && (check === 11 ? 0 : check) === digits[9];
}

function weightedSum(digits: readonly number[]): number {
  return digits.slice(0, 9).reduce((total, digit, at) => total + digit * (10 - at), 0);
}

function digitsOf(cell: string): readonly number[] {
  return [...cell.replace(/\D/g, '')].map(Number);
}
