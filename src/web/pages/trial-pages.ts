import { z } from 'zod';
import type { Caller } from '../../service/ports.ts';
import type { Service } from '../../service/service.ts';
import type { SilentTrialView } from '../../service/silent-trials.ts';
import { MOST_TRIAL_DAYS } from '../../service/trial-desk.ts';
import { problemOf } from '../problem.ts';
import { type PageReply, type PageRoute, page, pageOf } from './page-route.ts';

const ROLES = ['registrar', 'admin'] as const;
const VERDICT_WORDS = {
  pass: { text: 'Goes', colour: 'green' },
  flag: { text: 'Goes, recorded', colour: 'yellow' },
  hold: { text: 'Held', colour: 'red' },
} as const;

const DAYS_ERROR = `Enter 1 to ${MOST_TRIAL_DAYS} days`;

const Form = z
  .object({
    kind: z.enum(['release', 'dataset', 'rules'], 'Choose what you try'),
    path: z
      .string()
      .trim()
      .regex(/^((subjects|directions|datasets|identifiers|markings)\/[a-z0-9-]{1,80}\.ya?ml|policy\.yaml|)$/, {
        error: 'Name the rule file as subjects/labour-market.yaml or policy.yaml',
      }),
    text: z.string().trim().min(1, 'Paste the entry or the rule file'),
    tests: z.string().max(100_000, 'Use 100,000 characters of test texts or less'),
    days: z
      .string()
      .trim()
      .regex(/^\d{1,2}$/, { error: DAYS_ERROR })
      .transform(Number)
      .refine((days) => days >= 1 && days <= MOST_TRIAL_DAYS, { error: DAYS_ERROR }),
  })
  .refine(({ kind, path }) => kind !== 'rules' || path !== '', {
    path: ['path'],
    message: 'Name the rule file as subjects/labour-market.yaml or policy.yaml',
  });

interface Fields {
  readonly kind: string;
  readonly path: string;
  readonly text: string;
  readonly tests: string;
  readonly days: string;
}

const EMPTY: Fields = { kind: 'release', path: '', text: '', tests: '', days: '7' };

/**
 * Trying a change before it is switched on: it runs over what is retained and over test texts, or silent beside what is judged from
 * now on, and changes nothing.
 */
export function trialPages(service: Service): readonly PageRoute[] {
  const show = async (
    caller: Caller,
    fields: Fields,
    errors: Readonly<Record<string, string>> = {},
    result: unknown = null,
  ): Promise<PageReply> => {
    const trials = await service.silentTrials(caller);
    const silent = trials.ok ? trials.value.map((trial) => showSilent(trial, Date.now())) : [];
    return page('trial.njk', { fields, errors, result, silent }, Object.keys(errors).length > 0 ? 422 : 200);
  };
  return [
    { method: 'get', path: '/trial', roles: ROLES, handle: ({ caller }) => show(caller, EMPTY) },
    ...silentPages(service),
    {
      method: 'post',
      path: '/trial',
      roles: ROLES,
      handle: async ({ form, caller }) => {
        const fields = Object.fromEntries(
          Object.entries(EMPTY).map(([name, given]) => [name, form.get(name) ?? given]),
        ) as unknown as Fields;
        const parsed = Form.safeParse(fields);
        if (!parsed.success) {
          const errors = Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]));
          return show(caller, fields, errors);
        }
        const tests = parsed.data.tests
          .split(/\r?\n/)
          .map((line) => line.trim())
          .filter((line) => line !== '');
        if (form.get('run') === 'silent') {
          const started = await service.startSilentTrial(parsed.data, parsed.data.days, caller);
          if (started.ok) return { kind: 'redirect', to: `/trial/silent/${started.value.id}` };
          return started.refusal.kind === 'invalid' || started.refusal.kind === 'conflict'
            ? show(caller, fields, { text: started.refusal.message })
            : { kind: 'problem', problem: problemOf(started.refusal) };
        }
        const outcome = await service.tryChange({ ...parsed.data, tests }, caller);
        if (!outcome.ok) {
          return outcome.refusal.kind === 'invalid'
            ? show(caller, fields, { text: outcome.refusal.message })
            : { kind: 'problem', problem: problemOf(outcome.refusal) };
        }
        const { lines, ...result } = outcome.value;
        const shown = lines.map((line) => ({
          ...line,
          before: VERDICT_WORDS[line.before],
          after: VERDICT_WORDS[line.after],
          isChanged: line.before !== line.after,
          text: line.test === null ? null : tests[line.test - 1],
        }));
        const mayReview = caller.roles.includes('reviewer');
        // A figure that was tried is not written back to the page.
        const kept = /^\s*figures\s*:/m.test(fields.text) ? { ...fields, text: '' } : fields;
        return show(caller, kept, {}, { ...result, lines: shown, mayReview });
      },
    },
  ];
}

function silentPages(service: Service): readonly PageRoute[] {
  return [
    {
      method: 'get',
      path: '/trial/silent/:id',
      roles: ROLES,
      handle: async ({ id, caller }) =>
        pageOf(await service.silentTrial(id, caller), ({ trial, hits }) =>
          page('silent-trial.njk', {
            trial: showSilent(trial, Date.now()),
            hits: hits.map((hit) => ({ ...hit, before: VERDICT_WORDS[hit.before], after: VERDICT_WORDS[hit.after] })),
            mayReview: caller.roles.includes('reviewer'),
          }),
        ),
    },
    {
      method: 'post',
      path: '/trial/silent/:id/end',
      roles: ROLES,
      handle: async ({ id, caller }) =>
        pageOf(await service.endSilentTrial(id, caller), () => ({ kind: 'redirect', to: `/trial/silent/${id}` })),
    },
  ];
}

function showSilent(trial: SilentTrialView, now: number) {
  return {
    ...trial,
    isRunning: trial.endedAt === null && trial.endsAt > now,
    until: trial.endedAt ?? trial.endsAt,
    changed: trial.otherwise.reduce((sum, { messages }) => sum + messages, 0),
    otherwise: trial.otherwise.map(({ before, after, messages }) => ({
      before: VERDICT_WORDS[before],
      after: VERDICT_WORDS[after],
      messages,
    })),
  };
}
