// Answers without what is another with every run: ids, keys against forgery, times.

const ID = /\b[0-9A-HJKMNP-TV-Z]{26}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;

/** Ids keep their length and shape, and lose what makes each its own; so do a page's keys against forgery and the server's address. */
export function withoutIds(text: string): string {
  return text
    .replaceAll('%3A', ':')
    .replace(ID, (id) => id.replace(/[0-9a-z]/gi, 'x'))
    .replace(/(name="token" value=")([^"]+)/g, (_all, head: string, token: string) => head + 'x'.repeat(token.length))
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:x');
}

/** Status, headers and body. */
export async function whole(answer: Response): Promise<string> {
  const headers = [...answer.headers].filter(([name]) => name !== 'date' && name !== 'set-cookie');
  return withoutIds([answer.status, ...headers.map((one) => one.join(': ')), await answer.text()].join('\n'));
}

/** Status, headers and body, without what is another with every run. */
export async function pageText(answer: Response): Promise<string> {
  return withoutTimes(await whole(answer));
}

/** Times of the day that something was done on. */
export function withoutTimes(text: string): string {
  return text.replace(/\d+(?::\d\d)?[ap]m on \w+ \d+ \w+ \d{4}/g, 'then').replace(/content-length: \d+/, '');
}

/** Instants of this run, as files write them. */
export function withoutDates(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then').replace(/content-length: \d+/, '');
}
