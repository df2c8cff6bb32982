import { type Draw, drawFrom, ghostPostcode, pick } from './core-lettings.ts';

type Cell = string | number;
export type Rows = readonly (readonly string[])[];

const FORENAMES = ['Ann', 'Bob', 'Cara', 'Dev', 'Ede', 'Fay', 'Gus', 'Hal', 'Ivy', 'Kit'];
const SURNAMES = ['Example', 'Sample', 'Mock', 'Tester', 'Dummy', 'Stub', 'Proxy'];
const UPN_LETTERS = 'ABCDEFGHJKLMNPQRTUVWXYZ';

export interface Maker {
  readonly draw: Draw;
  readonly forename: () => string;
  readonly surname: () => string;
  readonly name: () => string;
  readonly postcode: () => string;
  readonly date: () => string;
  readonly number: (below: number) => string;
  readonly of: (...items: readonly Cell[]) => string;
  /** In the range that is never issued, with its check digit. */
  readonly nhsNumber: () => string;
  /** With a prefix that is never given out. */
  readonly nino: () => string;
  readonly upn: () => string;
}

export function maker(seed: number): Maker {
  const draw = drawFrom(seed);
  const forename = () => pick(draw, FORENAMES);
  const surname = () => pick(draw, SURNAMES);
  const digits = (count: number) => Array.from({ length: count }, () => draw(10));
  const two = (below: number) => String(1 + draw(below)).padStart(2, '0');
  const nhsNumber = (): string => {
    const body = [9, 9, 9, ...digits(6)];
    const check = 11 - (body.reduce((sum, digit, at) => sum + digit * (10 - at), 0) % 11);
    return check === 10 ? nhsNumber() : [...body, check % 11].join('');
  };
  return {
    draw,
    forename,
    surname,
    name: () => `${forename()} ${surname()}`,
    postcode: () => ghostPostcode(draw).join(' '),
    date: () => `${1930 + draw(80)}-${two(12)}-${two(28)}`,
    number: (below) => String(draw(below)),
    of: (...items) => String(pick(draw, items)),
    nhsNumber,
    nino: () => `MW${100_000 + draw(900_000)}${pick(draw, ['A', 'B', 'C', 'D'])}`,
    upn: () => {
      const body = [9, 9, 9, ...digits(9)];
      return `${UPN_LETTERS[body.reduce((sum, digit, at) => sum + digit * (at + 2), 0) % 23]}${body.join('')}`;
    },
  };
}

/** A table: names separated by bars, then so many rows. */
export function table(names: string, count: number, row: (at: number) => readonly Cell[]): Rows {
  return [names.split('|'), ...Array.from({ length: count }, (_, at) => row(at).map(String))];
}
