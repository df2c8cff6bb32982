/** A column name in the form it is compared in: letters and digits alone, lower case; `postcode_full` and `POSTCODE FULL` are one. */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** A column name as words: `dateOfBirth`, `date_of_birth` and `Date of birth` all read `date of birth`. */
export function nameWords(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
