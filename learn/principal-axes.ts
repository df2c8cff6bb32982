/** Turns of the Jacobi method that are enough for any matrix of some hundred rows. */
const SWEEPS = 30;

/**
 * Rows around their mean along the `count` axes in which they differ most, the first the most. Axes point so that their largest part is
 * positive: the same rows give the same numbers. Jacobi's method (Golub and Van Loan, 4th edition, section 8.5).
 */
export function principalAxes(rows: readonly (readonly number[])[], count: number): readonly (readonly number[])[] {
  const size = rows[0]?.length ?? 0;
  const mean = Array.from(
    { length: size },
    (_, at) => rows.reduce((sum, row) => sum + (row[at] as number), 0) / rows.length,
  );
  const centred = rows.map((row) => Float64Array.from(row, (value, at) => value - (mean[at] as number)));
  const spread = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of centred)
    for (let one = 0; one < size; one += 1)
      for (let other = one; other < size; other += 1)
        (spread[one] as Float64Array)[other] =
          ((spread[one] as Float64Array)[other] as number) + (row[one] as number) * (row[other] as number);
  for (let one = 0; one < size; one += 1)
    for (let other = 0; other < one; other += 1)
      (spread[one] as Float64Array)[other] = (spread[other] as Float64Array)[one] as number;
  const axes = eigenvectors(spread).slice(0, count);
  return centred.map((row) => axes.map((axis) => axis.reduce((sum, part, at) => sum + part * (row[at] as number), 0)));
}

/** Of a symmetric matrix, that of the largest eigenvalue first. */
function eigenvectors(matrix: Float64Array[]): readonly Float64Array[] {
  const size = matrix.length;
  const vectors = matrix.map((_, at) => Float64Array.from({ length: size }, (_one, other) => (at === other ? 1 : 0)));
  const cell = (rows: readonly Float64Array[], row: number, column: number): number =>
    (rows[row] as Float64Array)[column] as number;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1)
    for (let p = 0; p < size; p += 1)
      for (let q = p + 1; q < size; q += 1) {
        const off = cell(matrix, p, q);
        if (Math.abs(off) < 1e-12) continue;
        const theta = (cell(matrix, q, q) - cell(matrix, p, p)) / (2 * off);
        const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        const sine = tangent * cosine;
        for (const rows of [matrix, vectors])
          for (const row of rows) {
            const [one, other] = [row[p] as number, row[q] as number];
            row[p] = cosine * one - sine * other;
            row[q] = sine * one + cosine * other;
          }
        const [one, other] = [matrix[p] as Float64Array, matrix[q] as Float64Array];
        for (let at = 0; at < size; at += 1) {
          const [first, second] = [one[at] as number, other[at] as number];
          one[at] = cosine * first - sine * second;
          other[at] = sine * first + cosine * second;
        }
      }
  return matrix
    .map((row, at) => ({ value: row[at] as number, axis: Float64Array.from(vectors, (line) => line[at] as number) }))
    .toSorted((a, b) => b.value - a.value)
    .map(({ axis }) => {
      const largest = axis.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0);
      return largest < 0 ? axis.map((part) => -part) : axis;
    });
}
