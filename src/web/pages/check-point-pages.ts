import type { CheckPoint, CheckPointKind, CheckPoints, NewCheckPoint } from '../../service/check-points.ts';
import type { PageCall, PageReply, PageRoute } from './page-route.ts';
import { page, pageOf } from './page-route.ts';

const KINDS: readonly { readonly value: CheckPointKind; readonly text: string; readonly hint: string }[] = [
  { value: 'embed', text: 'A site', hint: 'Your scheduler or content system shows the check beside its own text box.' },
  { value: 'slack', text: 'Slack', hint: 'A slash command. Needs the signing secret of your Slack app.' },
  { value: 'teams', text: 'Microsoft Teams', hint: 'An outgoing webhook. Needs the security token that Teams shows.' },
  { value: 'signed', text: 'Another chat or program', hint: 'Signs its calls with a secret that you choose.' },
];

interface PointFields {
  readonly kind: string;
  readonly name: string;
  readonly author: string;
  readonly origins: string;
  readonly days: string;
}

const EMPTY: PointFields = { kind: 'embed', name: '', author: '', origins: '', days: '365' };

/** Where drafts are checked from outside: what everybody can use, and what administrators set up. */
export function checkPointPages(points: CheckPoints): readonly PageRoute[] {
  const list = async (
    { caller }: PageCall,
    more: { readonly fields?: PointFields; readonly fault?: string; readonly made?: Made } = {},
  ): Promise<PageReply> =>
    pageOf(await points.list(caller), (all) =>
      page(
        'check-points.njk',
        {
          kinds: KINDS,
          points: all.map((point) => ({ ...point, kindText: KINDS.find(({ value }) => value === point.kind)?.text })),
          now: Date.now(),
          fields: more.fields ?? EMPTY,
          fault: more.fault ?? null,
          made: more.made ?? null,
        },
        more.fault === undefined ? 200 : 422,
      ),
    );
  return [
    {
      method: 'get',
      path: '/check/elsewhere',
      roles: ['submitter', 'admin'],
      handle: async ({ caller }) => page('check-elsewhere.njk', { isAdmin: caller.roles.includes('admin') }),
    },
    { method: 'get', path: '/check-points', roles: ['admin'], handle: (call) => list(call) },
    {
      method: 'post',
      path: '/check-points',
      roles: ['admin'],
      handle: async (call) => {
        const fields = readFields(call.form);
        const outcome = await points.create(toPoint(fields, call.form.get('secret')), call.caller);
        if (outcome.ok) return list(call, { made: outcome.value });
        if (outcome.refusal.kind !== 'invalid') return pageOf(outcome, () => page('problem.njk', {}));
        return list(call, { fields, fault: outcome.refusal.message.replace(/^\w+: /, wordFor) });
      },
    },
    {
      method: 'post',
      path: '/check-points/:id/end',
      roles: ['admin'],
      handle: async ({ id, caller }) =>
        pageOf(await points.revoke(id, caller), () => ({ kind: 'redirect', to: '/check-points' })),
    },
  ];
}

interface Made {
  readonly point: CheckPoint;
  readonly token: string | null;
}

function readFields(form: URLSearchParams): PointFields {
  return {
    kind: form.get('kind') ?? '',
    name: (form.get('name') ?? '').trim(),
    author: (form.get('author') ?? '').trim(),
    origins: form.get('origins') ?? '',
    days: (form.get('days') ?? '').trim(),
  };
}

function toPoint({ kind, name, author, origins, days }: PointFields, secret: string | null): NewCheckPoint {
  return {
    kind: KINDS.find(({ value }) => value === kind)?.value ?? 'embed',
    name,
    author,
    origins: kind === 'embed' ? origins.split(/[\s,]+/).filter((one) => one !== '') : [],
    days: /^\d{1,4}$/.test(days) ? Number(days) : 0,
    secret: kind === 'embed' ? null : (secret ?? '').trim(),
  };
}

/** The key of a fault as the page labels its field. */
function wordFor(key: string): string {
  const words: Readonly<Record<string, string>> = {
    name: 'Name',
    author: 'Address of the author',
    origins: 'Sites',
    days: 'Days',
    secret: 'Secret',
  };
  return `${words[key.slice(0, -2)] ?? key.slice(0, -2)}: `;
}
