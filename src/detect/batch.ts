import { normaliseAddress } from '../core/address.ts';
import type { Instant } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import { threshold } from '../rules/threshold.ts';
import type { AttachmentSummary } from './attachment-summary.ts';

/** One mail of a sender, as far as a batch is compared; made by `summariseAttachments` and kept without any content. */
export interface Sibling {
  /** What the caller knows the mail by. */
  readonly id: string;
  readonly sender: string | null;
  readonly subject: string;
  /** When it was sent; null: together with the others, as the paths of one command are. */
  readonly at: Instant | null;
  readonly attachments: readonly AttachmentSummary[];
  /** Paths of attachments with a record-level or fingerprint finding. */
  readonly sensitive: readonly string[];
}

/** Share of words in common from which two subjects are one batch's. */
const LIKE_SUBJECTS = 0.5;
/** Mails from which a group may be several batches. */
const SEVERAL = 10;
/** Mails with a like file that make a kind of file. */
const LEAST_KIN = 2;

type Thresholds = Readonly<Record<string, number>>;

/**
 * Finds, among mails of one sender with like subjects within the window, those whose attachment stands apart from all the others'.
 *
 * Pure and without order: shuffled siblings give the same findings, by the mail's id. A mail without attachments gets none; nor do
 * files that merely differ in name or size, nor a set in which no kind of file is usual. Windows and sizes are `batch…` thresholds.
 */
export function findOddOnes(siblings: readonly Sibling[], thresholds: Thresholds): ReadonlyMap<string, Finding> {
  const found = new Map<string, Finding>();
  for (const group of groupSiblings(siblings, threshold(thresholds, 'batchWindowMinutes') * 60_000)) {
    if (group.length < threshold(thresholds, 'batchLeast')) continue;
    for (const [mail, odd] of oddInGroup(group, thresholds)) found.set(mail.id, oddFinding(odd, group.length - 1));
  }
  return found;
}

/** The mails that are of one batch with this one, by sender, subject and time; not itself. */
export function batchOf(
  own: Sibling,
  others: readonly Sibling[],
  thresholds: Readonly<Record<string, number>>,
): readonly Sibling[] {
  const groups = groupSiblings([...others, own], threshold(thresholds, 'batchWindowMinutes') * 60_000);
  return (groups.find((group) => group.includes(own)) ?? []).filter((mail) => mail !== own);
}

/** Mails of one sender with like subjects, each at most a window after the one before; only those with attachments. */
function groupSiblings(siblings: readonly Sibling[], window: number): readonly (readonly Sibling[])[] {
  const groups: { readonly sender: string; readonly words: readonly string[]; readonly mails: Sibling[] }[] = [];
  // By subject and id, so that the order of arrival decides nothing.
  const sorted = siblings.toSorted((a, b) => compare(a.subject, b.subject) || compare(a.id, b.id));
  for (const mail of sorted) {
    if (mail.attachments.length === 0 || mail.sender === null) continue;
    const sender = normaliseAddress(mail.sender);
    const words = subjectWords(mail.subject);
    const group = groups.find((one) => one.sender === sender && likeness(one.words, words) >= LIKE_SUBJECTS);
    if (group === undefined) groups.push({ sender, words, mails: [mail] });
    else group.mails.push(mail);
  }
  return groups.flatMap(({ mails }) => splitByTime(mails, window));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function splitByTime(mails: readonly Sibling[], window: number): readonly (readonly Sibling[])[] {
  const sorted = mails.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const groups: Sibling[][] = [];
  let last: Instant | null = null;
  for (const mail of sorted) {
    const group = groups.at(-1);
    if (group === undefined || (mail.at !== null && last !== null && mail.at - last > window)) groups.push([mail]);
    else group.push(mail);
    last = mail.at ?? last;
  }
  return groups;
}

/** "RE: CORE errors, batch 3 of 6 (Landlord A)": its words, without numbers, brackets and reply marks. */
function subjectWords(subject: string): readonly string[] {
  const bare = subject.toLowerCase().replace(/^\s*((re|fw|fwd|aw)\s*:\s*)+|\([^)]*\)|\[[^\]]*\]/g, ' ');
  return [...new Set(bare.match(/\p{L}+/gu) ?? [])];
}

/** The mails with a file unlike those of nearly all siblings, while these are like each other. */
function oddInGroup(
  group: readonly Sibling[],
  thresholds: Thresholds,
): readonly (readonly [mail: Sibling, odd: AttachmentSummary])[] {
  const most = (group.length - 1) * threshold(thresholds, 'batchShare');
  const files = group.flatMap((mail) =>
    mail.attachments.map((file) => ({
      mail,
      file,
      alike: new Set(
        group.filter(
          (other) =>
            other !== mail && other.attachments.some((theirs) => !differs(file, mail, theirs, other, thresholds)),
        ),
      ),
    })),
  );
  // Something usual must be there to stand apart from: files alike in at least two, and nearly all, of the other mails.
  const usual = (mail: Sibling) =>
    files.some((one) => one.mail !== mail && one.alike.size + 1 - Number(one.alike.has(mail)) >= Math.max(2, most));
  // Several batches under like subjects: no kind of file is in nearly all mails, yet nearly all mails have a kind of file in common with some.
  const kin = new Set(files.filter(({ alike }) => alike.size >= LEAST_KIN).map(({ mail }) => mail));
  const isLone = (alike: ReadonlySet<Sibling>) => alike.size === 0 && group.length >= SEVERAL && kin.size >= most;
  return files
    .filter(({ mail, alike }) => (group.length - 1 - alike.size >= most && usual(mail)) || isLone(alike))
    .map(({ mail, file }) => [mail, file]);
}

function differs(
  a: AttachmentSummary,
  mailA: Sibling,
  b: AttachmentSummary,
  mailB: Sibling,
  thresholds: Thresholds,
): boolean {
  const sensitive = mailA.sensitive.includes(a.path) !== mailB.sensitive.includes(b.path);
  if (sensitive) return true;
  const tables = a.schema.length > 0 && b.schema.length > 0;
  if (tables && likeness(a.schema, b.schema) >= 0.5) return false;
  const marks = [
    likeness(a.words, b.words) < 0.34,
    a.type !== b.type,
    Math.max(a.bytes, b.bytes) > threshold(thresholds, 'batchSizeFactor') * Math.max(1, Math.min(a.bytes, b.bytes)),
    tables,
    tables || (a.schema.length === 0) !== (b.schema.length === 0),
  ];
  return marks.filter(Boolean).length >= 2;
}

/** Jaccard likeness of two sets of words; two empty ones are alike. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const union = new Set([...a, ...b]).size;
  return union === 0 ? 1 : (a.length + b.length - union) / union;
}

function oddFinding(odd: AttachmentSummary, others: number): Finding {
  return {
    detector: 'batch',
    rule: 'odd-attachment',
    entry: null,
    path: odd.path,
    span: null,
    severity: 'high',
    summary: `Another attachment than in the ${others} sibling mails of this sender: its name, type, size or columns stand apart from theirs.`,
  };
}
