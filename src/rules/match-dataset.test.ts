import { type Dataset, datasetSchema, disproveDataset } from './dataset.ts';
import { matchDataset } from './match-dataset.ts';

function aDataset(changes: Partial<Dataset> = {}): Dataset {
  return {
    ...datasetSchema.parse({
      id: 'lettings',
      title: 'Lettings',
      rows: 'lettings',
      source: 'made up',
      strong: ['PREVTEN', 'POSTCOD2', 'TENANCYLENGTH', 'UNITTYPE_GN'],
      common: ['ID', 'STATUS', 'LA', 'BEDS', 'RENT'],
      families: [{ stem: 'ecstat', from: 1, to: 8 }],
      suffixes: ['_(SPR|AUT)\\d\\d'],
      labels: ['What is the tenant’s previous tenure?'],
      needs: { strong: 3, names: 6, withStrong: 2 },
      examples: { match: [['PREVTEN', 'POSTCOD2', 'ECSTAT1']], clean: [['ID', 'STATUS']] },
    }),
    ...changes,
  };
}

describe('a header against a dataset', () => {
  it.each([
    ['exact names', ['PREVTEN', 'POSTCOD2', 'ECSTAT1']],
    ['another case and marks', ['prevten', 'Postcod2', 'unittype gn']],
    ['suffixed names', ['PREVTEN_SPR16', 'POSTCOD2_AUT16', 'ECSTAT8']],
    ['a question in place of a name', ['What is the tenant’s previous tenure?', 'POSTCOD2', 'ECSTAT1']],
    [
      'a name cut short and one misspelt, beside exact ones',
      ['PREVTEN', 'POSTCOD2', 'TENANCYLE', 'UNITTYPEXGN', 'LA', 'BEDS'],
    ],
    ['many names with two strong ones', ['PREVTEN', 'POSTCOD2', 'ID', 'STATUS', 'LA', 'BEDS']],
  ])('agrees by %s', (_, header) => {
    expect(matchDataset(aDataset(), header)).not.toBeNull();
  });

  it.each([
    ['common names alone', ['ID', 'STATUS', 'LA', 'BEDS', 'RENT']],
    ['two strong names and little else', ['PREVTEN', 'POSTCOD2', 'FIELD']],
    ['one name many times', ['PREVTEN', 'prevten', 'PREV_TEN', 'PREVTEN']],
    ['resemblances alone', ['PREVTEM', 'POSTCOD3', 'TENANCYLENGHT', 'UNITTYPE_GM']],
    ['another member of a family', ['ECSTAT9', 'ECSTAT10', 'ECSTAT11', 'PREVTEN']],
  ])('does not agree by %s', (_, header) => {
    expect(matchDataset(aDataset(), header)).toBeNull();
  });

  it('takes an entry’s own columns for strong ones', () => {
    const header = ['PREVTEN', 'REFERRAL', 'SCHEME'];
    expect(matchDataset(aDataset(), header)).toBeNull();
    expect(matchDataset(aDataset(), header, ['REFERRAL', 'SCHEME'])).toMatchObject({ strong: 3, names: 3 });
  });

  it('names examples that prove nothing', () => {
    const examples = { match: [['ID']], clean: [['PREVTEN', 'POSTCOD2', 'ECSTAT1']] };
    expect(disproveDataset(aDataset({ examples }))).toEqual([
      'examples.match[0] is not recognised by its header names',
      'examples.clean[0] is recognised, and must not be',
    ]);
  });
});
