import { recordLevel } from '../../src/detect/record-level.ts';
import { BENIGN_OFFICE } from './benign-office.ts';
import { BENIGN_STATISTICS } from './benign-tables.ts';
import { toCsv } from './core-lettings.ts';
import type { Rows } from './made-up.ts';
import { aContext, messageOf } from './message-of.ts';
import { PEOPLE_TABLES } from './people-tables.ts';

const BENIGN = [...BENIGN_STATISTICS, ...BENIGN_OFFICE];

async function weights(rows: Rows): Promise<readonly (string | undefined)[]> {
  const findings = await recordLevel.detect(await messageOf('attached.csv', toCsv(rows)), aContext());
  return findings.map(({ weight }) => weight);
}

describe('files like protected ones that nobody registered', () => {
  it.each(PEOPLE_TABLES)('finds %s', async (_, rows, weight) => {
    expect(await weights(rows)).toEqual([weight]);
  });
});

describe('the ordinary files of an office', () => {
  it.each(BENIGN)('passes %s', async (_, rows) => {
    expect(await weights(rows)).toEqual([]);
  });

  it('are at least fifty', () => {
    expect(new Set(BENIGN.map(([what]) => what)).size).toBeGreaterThanOrEqual(50);
  });
});
