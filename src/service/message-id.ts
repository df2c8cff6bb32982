import { takeRandom } from './take-random.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

let lastTime = 0;
let lastRandom = 0n;

/**
 * An id for a new message: 26 characters that sort by time (a ULID in small letters), unique without asking anybody.
 *
 * Within a process each id sorts after the one before, also where the clock stands still or steps back.
 */
export function newMessageId(now: number = Date.now(), random: () => Uint8Array = () => takeRandom(10)): string {
  if (now > lastTime) {
    lastTime = now;
    // The top bit stays free, so that counting up never overflows.
    lastRandom = BigInt(`0x${Buffer.from(random()).toString('hex')}`) >> 1n;
  } else {
    lastRandom += 1n + BigInt((random()[0] ?? 0) & 0x7f);
  }
  return `${encode(BigInt(lastTime), 10)}${encode(lastRandom, 16)}`;
}

/** Whether a text could be the id of a message. */
export function isMessageId(text: string): boolean {
  return text.length === 26 && [...text].every((char) => ALPHABET.includes(char));
}

/** Ids made at this time or later, in ms since 1970, sort after this. */
export function idsFrom(time: number): string {
  return encode(BigInt(Math.max(0, Math.floor(time))), 10);
}

/** The ids of messages made up to `ms` before and after the one with this id lie between these two. */
export function idsAround(id: string, ms: number): { readonly from: string; readonly until: string } {
  let time = 0n;
  for (const char of id.slice(0, 10)) time = time * 32n + BigInt(Math.max(0, ALPHABET.indexOf(char)));
  const from = time > BigInt(ms) ? time - BigInt(ms) : 0n;
  return { from: encode(from, 10), until: `${encode(time + BigInt(ms), 10)}${'z'.repeat(16)}` };
}

function encode(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest >>= 5n) text = `${ALPHABET[Number(rest & 31n)]}${text}`;
  return text;
}
