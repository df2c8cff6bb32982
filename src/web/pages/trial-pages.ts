import { z } from 'zod';
import type { Service } from '../../service/service.ts';
import { problemOf } from '../problem.ts';
import { type PageReply, type PageRoute, page } from './page-route.ts';

const ROLES = ['registrar', 'admin'] as const;
const VERDICT_WORDS = {
  pass: { text: 'Goes', colour: 'green' },
  flag: { text: 'Goes, recorded', colour: 'yellow' },
  hold: { text: 'Held', colour: 'red' },
} as const;

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
}

const EMPTY: Fields = { kind: 'release', path: '', text: '', tests: '' };

/** Trying a change before it is switched on: it runs over what is retained and over test texts, and changes nothing. */
export function trialPages(service: Service): readonly PageRoute[] {
  return [
    { method: 'get', path: '/trial', roles: ROLES, handle: async () => show(EMPTY, {}, null) },
    {
      method: 'post',
      path: '/trial',
      roles: ROLES,
      handle: async ({ form, caller }) => {
        const fields = Object.fromEntries(
          Object.keys(EMPTY).map((name) => [name, form.get(name) ?? '']),
        ) as unknown as Fields;
        const parsed = Form.safeParse(fields);
        if (!parsed.success) {
          const errors = Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]));
          return show(fields, errors, null);
        }
        const tests = parsed.data.tests
          .split(/\r?\n/)
          .map((line) => line.trim())
          .filter((line) => line !== '');
        const outcome = await service.tryChange({ ...parsed.data, tests }, caller);
        if (!outcome.ok) {
          return outcome.refusal.kind === 'invalid'
            ? show(fields, { text: outcome.refusal.message }, null)
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
        return show(kept, {}, { ...result, lines: shown, mayReview });
      },
    },
  ];
}

function show(fields: Fields, errors: Readonly<Record<string, string>>, result: unknown): PageReply {
  return page('trial.njk', { fields, errors, result }, Object.keys(errors).length > 0 ? 422 : 200);
}
