import type { Copy } from './sink.ts';

/** A mail that was answered 250. */
export interface Acknowledged {
  readonly token: string;
  /** A reviewer let it go. */
  readonly isReleased: boolean;
}

/** A message of the record. */
export interface Kept {
  readonly id: string;
  readonly token: string;
  readonly state: string;
  readonly mayLeave: boolean;
}

export interface Evidence {
  readonly acknowledged: readonly Acknowledged[];
  readonly copies: readonly Copy[];
  readonly kept: readonly Kept[];
  /** Tokens that are still in the queue of the MTA ahead. */
  readonly ahead: ReadonlySet<string>;
  /** Tokens that a delivery status notification named. */
  readonly returned: ReadonlySet<string>;
  /** How often each id was between the next hop's 250 and the commit when something was killed. */
  readonly inWindow: ReadonlyMap<string, number>;
  /** How often the next hop took each id and never said so. */
  readonly unsaid: ReadonlyMap<string, number>;
  /** When embargoed mail may go. */
  readonly lift: number;
}

export interface Losses {
  readonly acknowledged: number;
  /** Acknowledged, and neither delivered nor kept nor returned. */
  readonly lost: readonly string[];
  /** Delivered though held, before the lift, or without a committed verdict that lets it go. */
  readonly leaked: readonly string[];
  /** Still under way. */
  readonly waiting: readonly string[];
  /** Delivered again under the same id, no more often than it was in the window that cannot be closed. */
  readonly repeated: readonly string[];
  /** Delivered again under another id, or outside that window. */
  readonly doubled: readonly string[];
}

const UNDER_WAY = ['received', 'scanning', 'cleared', 'released', 'delivering'];

/** Lost = acknowledged − delivered − held − returned; leaked = delivered ∩ (held ∪ without a verdict); doubled = copies − 1 for no reason. */
export function countLosses(evidence: Evidence, isMine: (token: string) => boolean = () => true): Losses {
  const copies = Map.groupBy(evidence.copies, ({ token }) => token);
  const kept = Map.groupBy(evidence.kept, ({ token }) => token);
  const mayLeave = new Set(evidence.kept.flatMap((one) => (one.mayLeave ? [one.id] : [])));
  const released = new Set(evidence.acknowledged.flatMap(({ token, isReleased }) => (isReleased ? [token] : [])));
  const acknowledged = evidence.acknowledged.filter(({ token }) => isMine(token));
  const [lost, leaked, waiting, repeated, doubled]: string[][] = [[], [], [], [], []];
  for (const { token, id, when } of evidence.copies.filter((copy) => isMine(copy.token))) {
    const { kind, isTransit } = readToken(token);
    const isEarly = kind === 'embargoed' && when < evidence.lift;
    if ((kind === 'held' || isEarly) && !released.has(token)) leaked?.push(`${token} went`);
    else if (!isTransit && !mayLeave.has(id)) leaked?.push(`${token} went without a verdict`);
  }
  for (const { token } of acknowledged) {
    if (copies.has(token) || evidence.returned.has(token)) continue;
    const states = (kept.get(token) ?? []).map(({ state }) => state);
    if (evidence.ahead.has(token) || states.some((state) => UNDER_WAY.includes(state))) waiting?.push(token);
    else if (!states.includes('held')) lost?.push(`${token}, in the record ${states.join(', ') || 'not at all'}`);
  }
  for (const token of new Set([...copies.keys(), ...kept.keys()])) {
    if (!isMine(token) || token === '') continue;
    const got = copies.get(token) ?? [];
    const ids = new Set([...got.map(({ id }) => id), ...(kept.get(token) ?? []).map(({ id }) => id)]);
    if (ids.size > 1) doubled?.push(`${token} as ${[...ids].join(' and ')}`);
    else if (got.length > 1) {
      const id = got[0]?.id ?? '';
      const excused = (evidence.inWindow.get(id) ?? 0) + (evidence.unsaid.get(id) ?? 0);
      if (got.length - 1 <= excused) repeated?.push(token);
      else
        doubled?.push(`${token} during rounds ${got.map(({ during }) => during + 1).join(', ')}, excused ${excused}`);
    }
  }
  return {
    acknowledged: acknowledged.length,
    lost: lost ?? [],
    leaked: leaked ?? [],
    waiting: waiting ?? [],
    repeated: repeated ?? [],
    doubled: doubled ?? [],
  };
}

export const isWhole = ({ lost, leaked, waiting, doubled }: Losses): boolean =>
  [lost, leaked, waiting, doubled].every((found) => found.length === 0);

/** What a mail of the harness comes to if nothing is broken: `clean` is delivered, `held` is not, `embargoed` is at the lift. */
export type MailKind = 'clean' | 'held' | 'embargoed';

const KINDS: Readonly<Record<string, MailKind>> = { c: 'clean', h: 'held', e: 'embargoed' };

/** A token tells what it is: `c12-p1-7`, a clean mail of round 12, the seventh by lane p1. Lanes in m go through the milter. */
export function makeToken(kind: MailKind, round: number, lane: string, count: number): string {
  return `${kind.charAt(0)}${round}-${lane}-${count}`;
}

export function readToken(token: string): {
  readonly kind: MailKind;
  readonly round: number;
  readonly isTransit: boolean;
} {
  const [, kind = 'c', round = '-1', lane = ''] = /^([che])(\d+)-([^-]*)-/.exec(token) ?? [];
  return { kind: KINDS[kind] ?? 'clean', round: Number(round), isTransit: lane.startsWith('m') };
}
