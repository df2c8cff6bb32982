import { loadRuleFolder, SHIPPED_RULES } from '../../src/cli/load-engine.ts';
import { detectors } from '../../src/detect/index.ts';
import { caseSchema, evaluateCase } from '../../src/scan/evaluate-set.ts';

const rules = await loadRuleFolder(SHIPPED_RULES);

/** A word of another country, a firm or a year long past silences its own clause, and nothing that is said beside it. */
it.each([
  ['labour-market', 'Unemployment fell to 4.2%, unlike in Germany.'],
  ['labour-market', 'Unemployment fell to 4.2% while in France it rose.'],
  ['labour-market', 'In France joblessness rose, but unemployment here fell to 4.2%.'],
  ['labour-market', 'Employment is up by 41,000, whereas in Spain it is down.'],
  ['labour-market', 'Record employment, and the ECB has noticed.'],
  ['labour-market', 'By 1850 people worked 60 hours; employment rose by 12,000 last quarter.'],
  ['retail-sales', 'Retail sales fell 2% last month, and Tesco blames the weather.'],
  ['retail-sales', 'Shares in retailers fell after retail sales dropped 2%.'],
  ['retail-sales', 'As Tesco warned, retail sales dropped 2% in December.'],
  ['inflation', 'Inflation rose to 3.1%, a month after it fell in Japan.'],
  ['gdp', 'The economy grew 0.4% and the eurozone did not.'],
  ['house-prices', 'House prices rose by 5% in March, and in Ireland by 8%.'],
  ['trade', 'Trade deficit widened to £3.1 billion as exports slumped in Germany.'],
  ['inflation', 'British Gas price cut takes inflation down to zero.'],
  ['inflation', 'Air fares: Ryanair and easyJet cuts took CPI to zero.'],
  ['labour-market', 'Nissan’s job cuts did not stop employment reaching a record high.'],
  ['labour-market', 'Deliveroo and Uber have pushed self-employment to a record.'],
  ['trade', 'Rolls-Royce and Airbus push exports to a record £40bn.'],
  ['trade', 'Jaguar Land Rover exports pushed the trade deficit down.'],
  ['public-finances', 'Lloyds share sale cut net borrowing to £6.9bn.'],
  ['retail-sales', 'Ocado and Amazon pushed online sales to 15% of all retailing.'],
  ['gdp', 'The UK grew faster than the eurozone in the fourth quarter.'],
  ['labour-market', 'Employment grew more slowly than in the eurozone.'],
  ['labour-market', 'France shed jobs, Britain added 205,000.'],
  ['crime', 'Knife crime in Cleveland rose 12%.'],
])('of %s is held: %s', async (topic, text) => {
  const one = caseSchema.parse({ text, expect: 'hold', topic });
  const { held } = await evaluateCase(one, 1, { rules, detectors, at: Date.parse('2016-01-20T09:00:00Z') });
  expect(held).toBe(true);
});
