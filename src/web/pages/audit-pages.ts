import type { Role } from '../../service/ports.ts';
import type { Service } from '../../service/service.ts';
import type { AuditAction, NamedAct } from '../../service/stores.ts';
import { given } from '../given.ts';
import { aProblem } from '../problem.ts';
import { ACTION_WORDS } from './audit-words.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { readLocal } from './show-time.ts';

const ROLES: readonly Role[] = ['auditor', 'admin'];
const PAGE_SIZE = 50;
const DAY_MS = 24 * 60 * 60_000;
/** A page of the export at a time, so many of them at most. */
const EXPORT_PAGE = 1000;
const EXPORT_PAGES = 20;

/** The audit log, for those who account for what was done. */
export function auditPages(service: Service): readonly PageRoute[] {
  return [
    { method: 'get', path: '/audit', roles: ROLES, handle: (call) => showTrail(service, call) },
    { method: 'get', path: '/audit.csv', roles: ROLES, handle: (call) => exportTrail(service, call) },
    {
      method: 'post',
      path: '/audit/verify',
      roles: ROLES,
      handle: async ({ caller }) =>
        pageOf(await service.verifyAudit(caller), (check) => page('audit-check.njk', { check })),
    },
  ];
}

async function showTrail(service: Service, { caller, query }: PageCall): Promise<PageReply> {
  const wanted = wantedOf(query);
  return pageOf(await service.auditTrail({ ...wanted, limit: PAGE_SIZE }, caller), ({ items, next }) =>
    page('audit.njk', {
      items: items.map((row) => show(row, caller.roles.includes('reviewer'))),
      next: next === null ? null : `/audit?${carried(query, String(next))}`,
      csv: `/audit.csv?${carried(query, null)}`,
      target: wanted.target ?? '',
      actor: wanted.actor ?? '',
      action: wanted.action ?? '',
      from: query.get('from') ?? '',
      to: query.get('to') ?? '',
      actions: Object.entries(ACTION_WORDS).map(([value, text]) => ({ value, text })),
      isFiltered: Object.keys(wanted).some((name) => name !== 'before'),
      isLater: wanted.before !== undefined,
    }),
  );
}

const TOO_MANY = `There are more than ${(EXPORT_PAGE * EXPORT_PAGES).toLocaleString('en-GB')} such acts. Go back, choose days, a person or what was done, and take them out in parts.`;

async function exportTrail(service: Service, { caller, query }: PageCall): Promise<PageReply> {
  const wanted = wantedOf(query);
  const items: NamedAct[] = [];
  let before = wanted.before;
  for (let count = 0; ; count += 1) {
    // A part that looks like the whole would be taken for it.
    if (count === EXPORT_PAGES) return { kind: 'problem', problem: aProblem('invalid', TOO_MANY) };
    const outcome = await service.auditTrail({ ...wanted, ...given({ before }), limit: EXPORT_PAGE }, caller);
    if (!outcome.ok) return pageOf(outcome, () => ({ kind: 'redirect', to: '/audit' }));
    items.push(...outcome.value.items);
    if (outcome.value.next === null) break;
    before = outcome.value.next;
  }
  return {
    kind: 'file',
    name: 'holdfast-audit.csv',
    type: 'text/csv; charset=utf-8; header=present',
    text: toCsv([
      ['seq', 'at', 'actor', 'name', 'action', 'target', 'detail'],
      ...items.map(({ seq, at, actor, actorName, action, target, detail }) => [
        String(seq),
        new Date(at).toISOString(),
        actor,
        actorName ?? '',
        action,
        target ?? '',
        JSON.stringify(detail),
      ]),
    ]),
  };
}

function wantedOf(query: URLSearchParams): Omit<Parameters<Service['auditTrail']>[0], 'limit'> {
  const text = (name: string) => query.get(name)?.trim().slice(0, 200) || undefined;
  const before = Number(query.get('before') ?? Number.NaN);
  const action = text('action');
  const to = readLocal(query.get('to') ?? '', '00:00');
  return given({
    target: text('target'),
    actor: text('actor'),
    action: action !== undefined && Object.hasOwn(ACTION_WORDS, action) ? (action as AuditAction) : undefined,
    from: readLocal(query.get('from') ?? '', '00:00') ?? undefined,
    // The day that is named belongs to it.
    to: to === null ? undefined : to + DAY_MS,
    before: Number.isSafeInteger(before) && before > 0 ? before : undefined,
  });
}

function carried(query: URLSearchParams, before: string | null): string {
  const link = new URLSearchParams(before === null ? {} : { before });
  for (const name of ['target', 'actor', 'action', 'from', 'to']) {
    const value = query.get(name);
    if (value) link.set(name, value);
  }
  return link.toString();
}

function show({ seq, at, actor, actorName, action, target, detail }: NamedAct, mayReview: boolean) {
  return {
    seq,
    at,
    actor: actorName ?? actor,
    actorId: actor,
    words: ACTION_WORDS[action] ?? action,
    // Whoever signs in is named as the actor already.
    target: action.startsWith('session.') ? null : target,
    link: target === null ? null : linkTo(action, target, mayReview),
    details: Object.entries(detail).flatMap(([name, value]) => {
      const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
      return text === '' ? [] : [{ name, text }];
    }),
  };
}

/** The page of what was acted on; null where there is none, or none for this person. */
function linkTo(action: string, target: string, mayReview: boolean): string | null {
  if (action.startsWith('message.')) return mayReview ? `/review/${encodeURIComponent(target)}` : null;
  if (action.startsWith('incident.')) return `/incidents/${encodeURIComponent(target)}`;
  if (action.startsWith('false-alarm.')) return '/false-alarms';
  if (action === 'embargo.put') return `/registers/embargoes/${encodeURIComponent(target)}`;
  if (action === 'recall.confirmed') return `/recalls/${encodeURIComponent(target)}`;
  return action === 'sensitivity.put' ? `/registers/datasets/${encodeURIComponent(target)}` : null;
}

/**
 * RFC 4180, with every cell quoted.
 *
 * A spreadsheet runs a cell that begins like a formula; an apostrophe before it makes it text (OWASP, CSV injection).
 */
export function toCsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) =>
    `"${(/^[=+\-@\t\r\n|%＝＋－＠]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
