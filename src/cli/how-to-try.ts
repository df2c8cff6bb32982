import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Instant, Registers } from '../core/entry.ts';
import { windowState } from '../core/window.ts';
import type { FirstStart } from './first-start.ts';

/** Where a server that has started is reached; no `smtp` where it has no gateway. */
export interface Addresses {
  readonly web: string;
  readonly smtp: string | null;
}

/**
 * Three commands that show a hold, and what each prints; of a demo register whose embargo has ended how to begin again, and nothing
 * beside registers of one's own after the first start.
 */
export function howToTry(
  config: Pick<Config, 'apiToken' | 'data'>,
  first: FirstStart | null,
  registers: Registers | null,
  now: Instant,
  { web, smtp }: Addresses,
): readonly string[] {
  const about = registers?.embargoes.filter(({ subjects }) => subjects.includes('labour-market')) ?? [];
  const demo = about.some(({ title }) => title.endsWith('(demonstration)'));
  if (first === null && !demo) return [];
  if (!about.some((entry) => windowState(entry, now) === 'embargoed')) {
    if (!demo) return [];
    return [
      '',
      'The embargo of the demo registers has ended, so "record employment" is not held any more. To try it again, move its dates',
      `at ${web}/registers, or start with another, empty HOLDFAST_DATA.`,
    ];
  }
  const { token, lines } = tokenToTry(config, first, web);
  return [
    '',
    'Try it:',
    ...lines,
    '  # a draft by the API: one line of JSON with "verdict":"hold"; it is kept, under Held messages',
    `  curl -sS -H "Authorization: Bearer ${token}" -H 'Content-Type: application/json' -d '{"text":"Record employment again this month!","channel":"social","author":"press@department.example"}' ${web}/v1/drafts`,
    ...(smtp === null
      ? []
      : [
          '  # a mail: prints nothing when it is taken; some seconds later it is held',
          `  printf 'From: press@department.example\\nTo: news@paper.example\\nSubject: Tomorrow\\n\\nRecord employment again!\\n' | curl -sS smtp://${smtp} --crlf --mail-from press@department.example --mail-rcpt news@paper.example -T -`,
        ]),
    `  # what is held, as one line of JSON; for people: ${web}/review`,
    `  curl -sS -H "Authorization: Bearer ${token}" '${web}/v1/messages?state=held'`,
  ];
}

/** A token is shown in full once; later commands take it from where it is. */
function tokenToTry(
  config: Pick<Config, 'apiToken' | 'data'>,
  first: FirstStart | null,
  web: string,
): { readonly token: string; readonly lines: readonly string[] } {
  if (config.apiToken !== null) return { token: '$HOLDFAST_API_TOKEN', lines: [] };
  if (first?.apiToken != null) return { token: first.apiToken, lines: [] };
  const file = join(config.data, 'first-start.json');
  const line = existsSync(file)
    ? `  TOKEN=$(sed -n 's/.*"apiToken": "\\(.*\\)".*/\\1/p' '${file}')`
    : `  TOKEN=...   # an API token, made at ${web}/account`;
  return { token: '$TOKEN', lines: [line] };
}
