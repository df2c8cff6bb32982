/** A fault of an entry beside the field that it is about. */
export interface FieldFault {
  readonly text: string;
  /** Id of the field; null where the form has none for it. */
  readonly field: string | null;
}

/** Keys of an entry, as its form calls them. The first that fits counts. */
const RELEASE_FIELDS: readonly (readonly [RegExp, string, string])[] = [
  [/^title$/, 'title', 'Title'],
  [/^id$/, 'id', 'Id'],
  [/^producer$/, 'producer', 'Producer'],
  [/^subjects(\[\d+\])?$/, 'subjects', 'Subjects'],
  [/^embargo\.zone$/, 'zone', 'Time zone'],
  [/^embargo\.from$/, 'fromDay', 'The embargo’s beginning'],
  [/^embargo(\.until)?$/, 'untilDay', 'The lift'],
  [/^preRelease\.opens$/, 'opensDay', 'The opening of pre-release access'],
  [/^preRelease\.access\[(\d+)\]/, 'access', 'Person # with pre-release access'],
  [/^preRelease/, 'access', 'Pre-release access'],
  [/^custodians\[(\d+)\]/, 'custodians', 'Line # of the producer’s own staff'],
  [/^custodians/, 'custodians', 'The producer’s own staff'],
  [/^figures\[(\d+)\]/, 'figures', 'Figure #'],
  [/^figures/, 'figures', 'Figures'],
  [/^quietUntil$/, 'quietDay', 'The time before which nobody may comment'],
  [/^status$/, 'status', 'Status'],
  [/^series$/, 'series', 'Series'],
  [/^page$/, 'page', 'Web page'],
];

const DATASET_FIELDS: readonly (readonly [RegExp, string, string])[] = [
  [/^title$/, 'title', 'Title'],
  [/^id$/, 'id', 'Id'],
  [/^owner$/, 'owner', 'Owner'],
  [/^classification$/, 'classification', 'Classification'],
  [/^dataset$/, 'dataset', 'Known schema'],
  [/^embargo$/, 'embargo', 'Release that it feeds'],
  [/^columns/, 'columns', 'More column names'],
  [/^allowedRecipients\[(\d+)\]/, 'allowedRecipients', 'Line # of who may receive it'],
  [/^allowedRecipients/, 'allowedRecipients', 'Who may receive it'],
];

/** `preRelease.access[1].email: is no e-mail address` as `Person 2 with pre-release access: is no e-mail address`, beside its field. */
export function readFaults(message: string, form: 'release' | 'dataset'): readonly FieldFault[] {
  const fields = form === 'release' ? RELEASE_FIELDS : DATASET_FIELDS;
  return message.split(/; (?=[A-Za-z][\w.[\]-]*: )/).map((line) => {
    const [, key = '', words = line] = /^([A-Za-z][\w.[\]-]*): (.+)$/s.exec(line) ?? [];
    for (const [pattern, field, name] of fields) {
      const match = pattern.exec(key);
      if (match !== null)
        return { field, text: `${name.replace('#', String(Number(match[1] ?? 0) + 1))}: ${plain(words)}` };
    }
    return { field: null, text: line };
  });
}

/** What a file's author is told about keys, as somebody at a form would be told. */
function plain(words: string): string {
  return words
    .replace(/^this key is missing, add it.*$/, 'is missing, fill it in')
    .replace(/^is no local time, .*$/, 'needs a day and a time')
    .replace(/, write it as "2016-01-20T09:30".*$/, '')
    .replace(/^Too small: expected array.*$|^Too small.*>=1.*$/, 'is missing, choose at least one')
    .replace('is after until, swap or correct the two', 'is after the lift, swap or correct the two')
    .replace('is after embargo.until', 'is after the lift')
    .replace('is before embargo.until', 'is before the lift')
    .replace(' or remove the key', '')
    .replace('the key out', 'it empty');
}
