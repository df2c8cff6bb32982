import { aRelease, findings } from './judge-words.ts';

// What an earlier release showed may be quoted; what is set against it is news.

const weights = async (subject: string, text: string) =>
  new Set((await findings(text, { entries: [aRelease(subject)] })).map(({ weight }) => weight));

it.each([
  ['labour-market', 'The unemployment rate is 4.9%, down from 5.1% in the last release.'],
  ['labour-market', 'Unemployment comes out at 4.9 per cent on the three months, up a tick from the last bulletin.'],
  ['migration', 'Net migration is 204,000, against 224,000 in the previous release.'],
  ['inflation', "CPI came in at 3.2%, compared with 3.8% in last month's release."],
  ['inflation', "CPI came in at 3.2%; in last month's release it was 3.8%."],
  ['inflation', 'CPI is 3.2% (3.8% in the previous edition).'],
  ['gdp', 'GDP grew 0.3%, after 0.1% in the previous estimate.'],
  ['public-finances', 'Borrowing was £12bn, £2bn more than in the previous publication.'],
  ['labour-market', 'Unemployment is 4.9%, from 5.1% last month as reported.'],
  ['retail-sales', 'Retail sales fell 0.4%, having risen 0.2% in the last release.'],
  ['crime', 'Crime fell by 4%, a bigger drop than the last bulletin showed.'],
  ['health-waiting-times', 'Waiting lists are lower than in the statistics published last month.'],
  ['labour-market', 'The last release had unemployment at 5.1%; now it is 4.9%.'],
  ['social-housing', 'Statistics show 131,140 homeless households in temporary accommodation on 31 December 2015.'],
  ['crime', 'The release, for the year to 30 September 2015, shows that knife crime fell by 4%.'],
  ['labour-market', 'The nurses who walked out in November pushed working days lost to strikes up to 99,000.'],
  ['crime', 'Crime statistics for the year ending 30 June 2015 showed a fall of 4 per cent.'],
  ['health-waiting-times', 'Waiting list data as at 31 October 2015 showed 7.2 million people waiting.'],
  ['migration', 'The June migration figures showed net migration down to 204,000.'],
  ['gdp', 'The September national accounts showed GDP up 0.3 per cent.'],
  ['labour-market', 'The November labour market overview showed unemployment down to 4.9 per cent.'],
  ['labour-market', 'From 5.1% in the last release, unemployment has dropped to 4.9%.'],
  ['labour-market', 'The last release had unemployment at 5.1%; it is 4.9%.'],
  ['labour-market', 'Unemployment was 5.1% in the last release and is 4.9% in this one.'],
  ['inflation', "In last month's release inflation was 3.8%, and it has come down to 3.2%."],
  ['inflation', 'Inflation: 3.8% in the last bulletin to 3.2% this time.'],
  ['inflation', 'CPI is 3.2% (core 3.5%), compared with 3.8% (core 4.0%) in the last release.'],
  ['labour-market', 'Unemployment is 4.9%, against a consensus of 5.0% and 5.1% in the last release.'],
  ['labour-market', 'Unlike in the last release, unemployment is rising.'],
  ['retail-sales', "Retail sales volumes dropped 0.6%, twice the fall in last month's release."],
  ['migration', 'Work visas issued in September fell to 50,000.'],
  ['crime', '4 per cent fewer crimes were reported in September.'],
  ['crime', 'The September 2015 figures show that knife crime fell by 4%.'],
  ['inflation', "Last month's release had inflation at 3.8%, this time it is 2.9%."],
  ['inflation', 'In the October 2008 release CPI was 5.2%, and we are back there.'],
  ['inflation', 'The 2007 report showed inflation at 11%; ours shows it at 2%.'],
  ['health-waiting-times', 'The waiting list reaches 7.9 million, up on the 2007 statistics by a factor of two.'],
  ['benefits', 'The 2012 statistics counted 5.7 million claimants and ours count 6.3 million.'],
])('%s: what is set against an earlier release is held: "%s"', async (subject, text) => {
  expect(await weights(subject, text)).toContain('embargoed');
});

it.each([
  ['labour-market', "In last month's release the employment rate was 73.9%."],
  ['labour-market', 'The employment rate in the last release was 73.9%, up 0.1 points.'],
  ['labour-market', 'Employment was 73.9%, up 0.1 points, in the last release.'],
  ['labour-market', 'Unemployment fell from 5.3% to 5.1% in the last release.'],
  ['inflation', 'Figures from the last bulletin show inflation at 3.8%, down from 4.0%.'],
  ['inflation', 'As reported last month, inflation fell to 3.8%.'],
  ['labour-market', 'The last bulletin put unemployment at 5.1%, up from 5.0%.'],
  ['public-finances', 'According to the previous release, borrowing was £12bn, down £2bn on the year.'],
  ['public-finances', "Borrowing was higher than expected in last month's release."],
  ['public-finances', "Borrowing was higher than a year earlier in last month's release."],
  ['labour-market', 'Unemployment stood at 5.1% in the last release, against 5.0% a year earlier.'],
  ['inflation', 'Inflation was 3.8% (as published last month).'],
  ['trade', 'ONS trade release, 12 March 2014: exports to the EU fell 4.7% in January 2014.'],
  [
    'inflation',
    'Annual CPI inflation stood at 5.2% in September 2008, according to the ONS bulletin of 14 October 2008.',
  ],
  ['labour-market', 'The July bulletin put unemployment at 5.6%.'],
  ['inflation', 'The last annual inflation bulletin had food prices up 3%.'],
])('%s: what an earlier release showed is evidence and no hit: "%s"', async (subject, text) => {
  expect(await weights(subject, text)).not.toContain('embargoed');
});
