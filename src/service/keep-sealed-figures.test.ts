import type { EmbargoDocument } from '../registers/embargo-document.ts';
import { keepSealedFigures } from './keep-sealed-figures.ts';

const sealed = (digit: string) => ({ key: 'k1', scheme: 1, digests: [digit.repeat(64)], box: 'AAAA' });

function anEntry(figures: NonNullable<EmbargoDocument['figures']>): EmbargoDocument {
  return {
    id: 'labour-market-2016-01',
    title: 'UK Labour Market',
    producer: 'A producer',
    subjects: ['labour-market'],
    embargo: { from: '2016-01-13T00:00', until: '2016-01-20T09:30', zone: 'Europe/London' },
    status: 'scheduled',
    figures,
  };
}

describe('figures of an edited entry', () => {
  const kept = anEntry([
    { measure: 'employment-rate', unit: 'percent', sealed: sealed('a') },
    { measure: 'employment-rate', unit: 'percent', sealed: sealed('b') },
  ]);

  it('stay sealed where they come back without a value, each of them once', () => {
    const edited = anEntry(kept.figures?.map(({ measure, unit }) => ({ measure, unit })) ?? []);
    expect(keepSealedFigures(edited, kept).figures).toEqual(kept.figures);
  });

  it('are those that were entered anew where there is a value', () => {
    const figures: EmbargoDocument['figures'] = [{ measure: 'employment-rate', unit: 'percent', value: 74.1 }];
    expect(keepSealedFigures(anEntry(figures), kept).figures).toEqual(figures);
  });

  it.each<[string, NonNullable<EmbargoDocument['figures']>[number]]>([
    ['another measure', { measure: 'unemployment-rate', unit: 'percent' }],
    ['another unit', { measure: 'employment-rate', unit: 'million' }],
  ])('are not invented for %s', (_what, figure) => {
    expect(keepSealedFigures(anEntry([figure]), kept).figures).toEqual([figure]);
    expect(keepSealedFigures(anEntry([figure]), undefined).figures).toEqual([figure]);
  });
});
