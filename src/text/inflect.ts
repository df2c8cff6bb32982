/** Past, participle and further forms of verbs that do not follow the rule; the third person and the -ing form are regular. */
const IRREGULAR: Readonly<Record<string, readonly string[]>> = {
  rise: ['rose', 'risen'],
  fall: ['fell', 'fallen'],
  go: ['went', 'gone', 'goes'],
  grow: ['grew', 'grown'],
  overtake: ['overtook', 'overtaken'],
  outgrow: ['outgrew', 'outgrown'],
  outrun: ['outran', 'outrun'],
  overrun: ['overran', 'overrun'],
  fight: ['fought'],
  strike: ['struck'],
  win: ['won'],
  swing: ['swung'],
  shrink: ['shrank', 'shrunk'],
  sink: ['sank', 'sunk'],
  hit: ['hit'],
  beat: ['beat', 'beaten'],
  come: ['came', 'come'],
  break: ['broke', 'broken'],
  leap: ['leapt', 'leaped'],
  slide: ['slid'],
  spring: ['sprang', 'sprung'],
  shed: ['shed'],
  cut: ['cut'],
  creep: ['crept', 'creeped'],
  swell: ['swelled', 'swollen'],
  lose: ['lost'],
  hold: ['held'],
  stand: ['stood'],
  keep: ['kept'],
  fly: ['flew', 'flown', 'flies'],
  get: ['got', 'gotten'],
  make: ['made'],
  take: ['took', 'taken'],
  see: ['saw', 'seen'],
  shoot: ['shot'],
  set: ['set'],
  speed: ['sped', 'speeded'],
  run: ['ran', 'run'],
  undershoot: ['undershot'],
  overshoot: ['overshot'],
  outdo: ['outdid', 'outdone', 'outdoes'],
  burst: ['burst'],
  put: ['put'],
  spend: ['spent'],
  dive: ['dived', 'dove'],
  sell: ['sold'],
  find: ['found'],
  have: ['had', 'has'],
  tell: ['told'],
  lead: ['led'],
  bring: ['brought'],
  leave: ['left'],
  drive: ['drove', 'driven'],
  show: ['showed', 'shown'],
  let: ['let'],
  know: ['knew', 'known'],
  catch: ['caught'],
  pay: ['paid'],
  be: ['is', 'are', 'was', 'were', 'been', 'being', "'s"],
};

/** Verbs whose last consonant doubles although their stress is not told by their letters. */
const DOUBLING = /^(?:[^aeiou]*[aeiou][bdgklmnprt]|outstrip|overlap|level|travel|refer|rebound)$/;

/** Every form of an English verb in lower case; irregular ones from a table, British doubling included. */
export function inflect(verb: string): readonly string[] {
  const forms = new Set([verb]);
  const irregular = IRREGULAR[verb];
  const stem = verb.endsWith('e') && !verb.endsWith('ee') ? verb.slice(0, -1) : verb;
  const doubled = DOUBLING.test(verb) && !/[wxy]$/.test(verb) && verb !== 'rebound' ? verb + verb.at(-1) : stem;
  const consonantY = /[^aeiou]y$/.test(verb);
  if (!(irregular?.some((form) => form.endsWith('es') || form === 'is' || form === 'has') ?? false)) {
    if (consonantY) forms.add(`${verb.slice(0, -1)}ies`);
    else forms.add(/(?:s|x|z|ch|sh)$/.test(verb) ? `${verb}es` : `${verb}s`);
  }
  for (const form of irregular ?? [consonantY ? `${verb.slice(0, -1)}ied` : `${doubled}ed`]) forms.add(form);
  if (verb !== 'be') forms.add(`${doubled}ing`);
  return [...forms];
}
