import { z } from 'zod';
import type { FindingView } from '../../core/view.ts';
import type { Service } from '../../service/service.ts';
import { problemOf } from '../problem.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { groupReasons } from './reasons.ts';

/** What detectors say of words, figures, markings and tables may be a false alarm; the rest is decided on one by one. */
const EXCUSABLE: readonly string[] = ['direction', 'figure', 'marking', 'record-level'];

const STATE_WORDS = {
  proposed: { text: 'Proposed', colour: 'yellow' },
  'in-force': { text: 'In force', colour: 'green' },
  expired: { text: 'Expired', colour: 'grey' },
  refused: { text: 'Refused', colour: 'grey' },
  revoked: { text: 'Revoked', colour: 'grey' },
} as const;

const Form = z.object({
  finding: z.coerce.number('Choose which reason is a false alarm').int().min(0),
  scope: z.enum(['this', 'any'], 'Choose for which releases'),
  sender: z.enum(['address', 'organisation'], 'Choose for which senders'),
  days: z.coerce.number('Choose for how long').int().min(1).max(365, 'It lasts for a year at most'),
  reason: z
    .string()
    .trim()
    .min(1, 'Say why it is harmless, in a sentence; it is kept in the audit log')
    .max(2000, 'Use 2,000 characters or less'),
});

/** Lasting exceptions: proposed on a message, approved by somebody else, listed and revoked here. */
export function falseAlarmPages(service: Service): readonly PageRoute[] {
  return [
    {
      method: 'get',
      path: '/false-alarms',
      roles: ['reviewer', 'auditor', 'admin'],
      handle: async ({ caller, query }) =>
        pageOf(await service.falseAlarms(caller), (alarms) =>
          page('false-alarms.njk', {
            alarms: alarms.map((alarm) => ({ ...alarm, words: STATE_WORDS[alarm.state] })),
            mayReview: caller.roles.includes('reviewer'),
            mayRevoke: caller.roles.includes('reviewer') || caller.roles.includes('admin'),
            done: query.get('done'),
          }),
        ),
    },
    {
      method: 'get',
      path: '/review/:id/false-alarm',
      roles: ['reviewer'],
      handle: (call) => showForm(service, call, {}),
    },
    { method: 'post', path: '/review/:id/false-alarm', roles: ['reviewer'], handle: (call) => propose(service, call) },
    {
      method: 'post',
      path: '/false-alarms/:id/settle',
      roles: ['reviewer', 'admin'],
      handle: async ({ id, caller, form }) => {
        const how = z.enum(['approve', 'refuse', 'revoke']).safeParse(form.get('how'));
        if (!how.success) return { kind: 'redirect', to: '/false-alarms' };
        return pageOf(await service.settleFalseAlarm(id, how.data, caller), () => ({
          kind: 'redirect',
          to: `/false-alarms?done=${how.data}`,
        }));
      },
    },
  ];
}

/** Reasons of a message that a false alarm may be made of, each with the place of its first finding. */
export function excusable(findings: readonly FindingView[]) {
  return groupReasons(findings)
    .filter(({ detector }) => EXCUSABLE.includes(detector))
    .map(({ number, summary, detector, rule, path, entry }) => ({
      number,
      summary,
      detector,
      entry,
      finding: findings.findIndex(
        (one) => one.detector === detector && one.rule === rule && one.path === path && one.entry === entry,
      ),
    }));
}

async function showForm(
  service: Service,
  { id, caller, query, form }: PageCall,
  errors: Readonly<Record<string, string>>,
): Promise<PageReply> {
  const outcome = await service.viewMessage(id, caller);
  if (!outcome.ok) return { kind: 'problem', problem: problemOf(outcome.refusal) };
  const view = outcome.value;
  const reasons = view.mayReveal ? excusable(view.findings) : [];
  const given = (name: string) => form.get(name) ?? query.get(name) ?? '';
  return page(
    'false-alarm.njk',
    {
      view,
      reasons,
      hasEntry: reasons.some(({ entry }) => entry !== null),
      hasTable: reasons.some(({ detector }) => detector === 'record-level'),
      fields: {
        finding: given('finding'),
        scope: given('scope') || 'this',
        sender: given('sender') || 'address',
        days: given('days') || '30',
        reason: given('reason'),
      },
      errors,
    },
    Object.keys(errors).length > 0 ? 422 : 200,
  );
}

async function propose(service: Service, call: PageCall): Promise<PageReply> {
  const { id, caller, form } = call;
  const parsed = Form.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    const errors = Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]));
    return showForm(service, call, errors);
  }
  const { finding, scope, sender, days, reason } = parsed.data;
  const input = { message: id, finding, anyEntry: scope === 'any', sender, days, reason };
  return pageOf(await service.proposeFalseAlarm(input, caller), () => ({
    kind: 'redirect',
    to: `/review/${encodeURIComponent(id)}?done=false-alarm`,
  }));
}
