export const TEXT = 0;
export const INTEGER = 1;
export const DECIMAL = 2;
export const DATE = 3;
const DATE_SHAPE =
  /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?|\d{1,2}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}( \d{1,2}:\d{2}(:\d{2})?)?)$/;

/** What a shown cell is: digits with an optional sign, thousands commas, one point, a currency or per cent sign; or a date. */
export function kindOf(cell: string): 0 | 1 | 2 | 3 {
  let digits = 0;
  let points = 0;
  for (let at = 0; at < cell.length; at += 1) {
    const code = cell.charCodeAt(at);
    if (code >= 48 && code <= 57) digits += 1;
    else if (code === 46) points += 1;
    else if (code === 44 && digits > 0) continue;
    else if ((code === 45 || code === 43 || code === 163 || code === 36) && digits === 0) continue;
    else if (code === 37 && digits > 0 && at === cell.length - 1) points += 1;
    else return digits > 0 && cell.length <= 30 && DATE_SHAPE.test(cell) ? DATE : TEXT;
  }
  if (digits === 0) return TEXT;
  if (points === 0) return INTEGER;
  return points === 1 || (points === 2 && cell.endsWith('%')) ? DECIMAL : DATE_SHAPE.test(cell) ? DATE : TEXT;
}
