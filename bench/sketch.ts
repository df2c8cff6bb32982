import { digestRows, matchRows } from '../src/detect/match-rows.ts';
import { SketchBuilder } from '../src/detect/sketch-builder.ts';
import { makeDigest } from '../src/registers/cell-digest.ts';
import { encodeSketch } from '../src/registers/sketch.ts';
import { drawFrom, EXPORT_NAMES, eachLetting } from '../test/protected-data/core-lettings.ts';

/** A sketch of 85,000 rows of 151 columns: at most 2 MB; 20 rows found 99 times in 100, another year's once in 10,000 at most. */
const ROWS = 85_000;
const SUBSET = 20;
const { TRIALS: wanted = '10000' } = process.env;
const TRIALS = Number(wanted);
const LIMITS = { megabytes: 2, recall: 0.99, falseMatches: 1 / 10_000 };

type Row = readonly string[];
const digest = makeDigest(Buffer.alloc(32, 9));

/** As the opener samples: the first rows, then evenly. */
function sampleOf(seed: number, most: number): readonly Row[] {
  const step = Math.ceil(ROWS / most);
  let at = -1;
  return [...eachLetting(ROWS, seed)].filter(() => {
    at += 1;
    return at < 200 || at % step === 0;
  });
}

/** Each trial's rows, drawn over the whole file, with the columns backwards so that no place is the registered one. */
function* subsetsOf(seed: number): Generator<readonly Row[]> {
  const rows: Row[] = [];
  const draw = drawFrom(seed + 1);
  let trial: Row[] = [];
  for (const row of eachLetting(ROWS, seed)) if (draw(4) === 0 && rows.length < 20_000) rows.push(row.toReversed());
  for (let at = 0; at < TRIALS * SUBSET; at += 1) {
    trial.push(rows[draw(rows.length)] as Row);
    if (trial.length === SUBSET) {
      yield trial;
      trial = [];
    }
  }
}

function countMatches(seed: number): number {
  let matches = 0;
  for (const rows of subsetsOf(seed)) {
    const digested = digestRows(rows, digest);
    if (digested !== null && matchRows(digested, builder.filter) !== null) matches += 1;
  }
  return matches;
}

const started = performance.now();
const builder = new SketchBuilder(EXPORT_NAMES, sampleOf(2016, 1000), ROWS, digest);
for (const row of eachLetting(ROWS, 2016)) builder.addRow(row);
const seconds = (performance.now() - started) / 1000;
const size = encodeSketch({ key: 'bench', rows: ROWS, columns: builder.plan.columns }, builder.filter, null).length;
const recall = countMatches(2016) / TRIALS;
const falseMatches = countMatches(2017);
console.log(
  `${ROWS} x ${EXPORT_NAMES.length}, made up and sketched in ${seconds.toFixed(1)} s, ${builder.plan.pairs.length} combinations`,
);
console.log(`size          ${(size / 1e6).toFixed(2)} MB (limit ${LIMITS.megabytes})`);
console.log(
  `recall        ${(recall * 100).toFixed(2)} % of ${TRIALS} subsets of ${SUBSET} rows (limit ${LIMITS.recall * 100} %)`,
);
console.log(
  `false matches ${falseMatches} of ${TRIALS} subsets of another year (limit ${LIMITS.falseMatches * 10_000} in 10,000)`,
);
if (size > LIMITS.megabytes * 1e6 || recall < LIMITS.recall || falseMatches / TRIALS > LIMITS.falseMatches)
  process.exitCode = 1;
