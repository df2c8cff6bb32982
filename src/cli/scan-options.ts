import { parseArgs } from 'node:util';
import type { Instant } from '../core/entry.ts';
import type { MessageKind } from '../core/message.ts';
import { parseInstant } from '../text/instant.ts';
import { CannotRun, type CommandIo } from './command.ts';

export interface ScanOptions {
  readonly paths: readonly string[];
  readonly registers: string;
  /** Null: the shipped rules. */
  readonly rules: string | null;
  readonly at: Instant;
  readonly publishAt: Instant | null;
  readonly from: string | null;
  readonly to: readonly string[];
  readonly kind: MessageKind | null;
  readonly view: 'reviewer' | 'sender';
  readonly format: 'text' | 'json' | 'sarif';
  readonly recursive: boolean;
}

const CHOICES = {
  kind: ['email', 'draft', 'file'],
  view: ['reviewer', 'sender'],
  format: ['text', 'json', 'sarif'],
} as const;

/** Reads `scan`'s command line; a fault ends the command with one line that says what to give instead. */
export function parseScanOptions(args: readonly string[], io: CommandIo, registers: string, now: Instant): ScanOptions {
  const { values, positionals } = parse(args);
  if (positionals.length === 0)
    throw new CannotRun('scan: no PATH given, name one or more files, or - for standard input');
  return {
    paths: positionals,
    registers: values.registers ?? registers,
    rules: values.rules ?? null,
    at: values.at === undefined ? now : instant('--at', values.at),
    publishAt: values['publish-at'] === undefined ? null : instant('--publish-at', values['publish-at']),
    from: values.from === undefined ? null : address('--from', values.from),
    to: (values.to ?? []).map((one) => address('--to', one)),
    kind: choice('kind', values.kind) ?? null,
    view: choice('view', values.view) ?? 'reviewer',
    format: choice('format', values.format) ?? (io.isTerminal ? 'text' : 'json'),
    recursive: values.recursive ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        registers: { type: 'string' },
        rules: { type: 'string' },
        at: { type: 'string' },
        'publish-at': { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string', multiple: true },
        kind: { type: 'string' },
        view: { type: 'string' },
        format: { type: 'string' },
        recursive: { type: 'boolean' },
      },
    });
  } catch (error) {
    // Node's own message names the option; its advice on positionals does not fit here.
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '').replace(/\.$/, '') : String(error);
    throw new CannotRun(`scan: ${reason}, see \`holdfast help\``);
  }
}

function instant(option: string, value: string): Instant {
  const parsed = parseInstant(value);
  if (parsed === null)
    throw new CannotRun(
      `${option}: ${JSON.stringify(value)} is no instant with an offset, write it like 2016-01-20T09:22:00Z or 2016-07-20T09:22+01:00`,
    );
  return parsed;
}

function address(option: string, value: string): string {
  if (!/^[^\s@,;]+@[^\s@,;]+$/.test(value.replace(/^.*<([^<>]*)>\s*$/, '$1')))
    throw new CannotRun(
      `${option}: ${JSON.stringify(value)} is no e-mail address, write one like name@department.example (repeat --to for more)`,
    );
  return value;
}

function choice<K extends keyof typeof CHOICES>(
  name: K,
  value: string | undefined,
): (typeof CHOICES)[K][number] | undefined {
  if (value === undefined) return undefined;
  const found = CHOICES[name].find((one) => one === value);
  if (found === undefined)
    throw new CannotRun(`--${name}: ${JSON.stringify(value)} is not one of ${CHOICES[name].join(', ')}`);
  return found;
}
