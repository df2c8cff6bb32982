import type { OpenedMessage, OpenedPart } from '../core/part.ts';
import { DOMESTIC_WORDS } from '../text/english.ts';

/** Characters from which on a group is full; a group never ends inside a part. */
const GROUP = 32 * 1024;

/** Path of what a group is told of the rest of the message; no part of a message has it. */
const ELSEWHERE = '';

/** Parts that are read together, and the message that readers get for them. */
export interface PartGroup {
  readonly parts: readonly OpenedPart[];
  /** The group's parts, behind the subject line that they speak of, and with a word of this country where another group has one. */
  readonly message: OpenedMessage;
}

/** Characters of a part that detectors read. */
export function lengthOf({ content }: OpenedPart): number {
  return 'text' in content ? content.text.length : 0;
}

/**
 * The parts with text of a message in groups, in the order of reading: subject lines first. Read one by one they give what the whole
 * message gives to a reader of sentences; no group is so short that it reads as a note.
 *
 * @param turn is awaited between parts, so that everybody else has a turn.
 */
export async function groupParts(opened: OpenedMessage, turn: () => Promise<void>): Promise<readonly PartGroup[]> {
  const read = opened.parts.filter((part) => lengthOf(part) > 0);
  const subjects = read.filter(isSubject);
  const groups: OpenedPart[][] = [];
  let length = GROUP;
  for (const part of [...subjects, ...read.filter((one) => !isSubject(one))]) {
    if (length >= GROUP) {
      groups.push([]);
      length = 0;
    }
    groups.at(-1)?.push(part);
    length += lengthOf(part);
  }
  const rest = groups.length > 1 && length < GROUP ? (groups.pop() ?? []) : [];
  groups.at(-1)?.push(...rest);
  const topic = subjects.at(-1);
  const country = groups.length > 1 ? await wordOfThisCountry(read, turn) : null;
  const told: readonly OpenedPart[] = country === null ? [] : [elsewhere(country)];
  return groups.map((parts) => {
    const before = topic === undefined || parts.includes(topic) ? [] : [topic];
    return { parts, message: { ...opened, parts: [...before, ...parts, ...told] } };
  });
}

const THIS_COUNTRY = new RegExp(`(?<![\\p{L}\\p{N}])(?:${[...DOMESTIC_WORDS].join('|')})(?![\\p{L}\\p{N}])`, 'iu');

async function wordOfThisCountry(parts: readonly OpenedPart[], turn: () => Promise<void>): Promise<string | null> {
  for (const { content } of parts) {
    const found = 'text' in content ? THIS_COUNTRY.exec(content.text) : null;
    if (found !== null) return found[0];
    await turn();
  }
  return null;
}

function elsewhere(text: string): OpenedPart {
  return { path: ELSEWHERE, type: 'text/plain', bytes: 0, content: { kind: 'text', role: 'name', text } };
}

function isSubject({ content }: OpenedPart): boolean {
  return content.kind === 'text' && content.role === 'subject';
}
