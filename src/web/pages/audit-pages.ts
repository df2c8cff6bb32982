import type { Role } from '../../service/ports.ts';
import type { Service } from '../../service/service.ts';
import type { NamedAct } from '../../service/stores.ts';
import { given } from '../given.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';

const ROLES: readonly Role[] = ['auditor', 'admin'];
const PAGE_SIZE = 50;
const EXPORT_ROWS = 1000;

export const ACTION_WORDS: Readonly<Record<string, string>> = {
  'message.revealed': 'Looked at the content of',
  'message.released': 'Released',
  'message.rejected': 'Rejected',
  'message.release-at-lift': 'Set to be released at the lift',
  'embargo.put': 'Wrote the release',
  'sensitivity.put': 'Wrote the dataset',
  'registers.imported': 'Imported registers',
  'check-point.created': 'Set up check point',
  'check-point.ended': 'Ended check point',
  'probing.suspected': 'Saw an author try out figures of',
  'user.created': 'Made the user',
  'token.created': 'Made the token',
  'session.opened': 'Signed in',
  'session.refused': 'Was refused to sign in',
  'recall.confirmed': 'Noted as deleted by a recipient of',
  'webhook.created': 'Registered webhook',
  'webhook.removed': 'Removed webhook',
  'first-start': 'Started for the first time',
};

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
      next,
      target: wanted.target ?? '',
      isLater: wanted.before !== undefined,
    }),
  );
}

async function exportTrail(service: Service, { caller, query }: PageCall): Promise<PageReply> {
  return pageOf(await service.auditTrail({ ...wantedOf(query), limit: EXPORT_ROWS }, caller), ({ items }) => ({
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
  }));
}

function wantedOf(query: URLSearchParams): { readonly target?: string; readonly before?: number } {
  const target = query.get('target')?.trim() || undefined;
  const before = Number(query.get('before') ?? Number.NaN);
  return given({ target, before: Number.isSafeInteger(before) && before > 0 ? before : undefined });
}

function show({ seq, at, actor, actorName, action, target, detail }: NamedAct, mayReview: boolean) {
  return {
    seq,
    at,
    actor: actorName ?? actor,
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
