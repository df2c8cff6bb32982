import { type ByteSource, memorySource } from '../core/byte-source.ts';
import type { MessageKind } from '../core/message.ts';
import type { Judgement } from '../core/verdict.ts';
import { findOddOnes, type Sibling } from '../detect/batch.ts';
import type { Opener, ScanReport } from '../scan/engine.ts';
import { siblingOf } from '../scan/judge-batch.ts';
import { createEngine, type EngineParts, judgeAgain } from '../scan/scan-message.ts';
import type { CommandIo } from './command.ts';
import { describeReadError, fileSource } from './read-paths.ts';
import type { ScanOptions } from './scan-options.ts';

export interface JudgedPath {
  readonly path: string;
  /** Null where the path could not be read; its line has been said. */
  readonly judgement: Judgement | null;
}

interface Judging {
  readonly parts: Omit<EngineParts, 'open'>;
  readonly open: Opener;
  readonly io: CommandIo;
}

/** Judges paths in order; mails given in one call are siblings, so that their verdicts come once all were read. */
export async function* judgePaths(
  paths: readonly string[],
  options: ScanOptions,
  { parts, open, io }: Judging,
): AsyncIterable<JudgedPath> {
  const waiting: (JudgedPath & {
    readonly sibling: Sibling | null;
    readonly report: Pick<ScanReport, 'judgement' | 'parties'> | null;
  })[] = [];
  const kinds = paths.map((path) => options.kind ?? kindOf(path));
  const isBatch = kinds.filter((kind) => kind === 'email').length > 1;
  for (const [index, path] of paths.entries()) {
    const source = await read(path, io);
    const kind = kinds[index] ?? 'file';
    // Somebody who looks on hears of a hold as soon as the first rows of a large table are enough for it.
    const tell = io.isTerminal ? () => io.err(`holdfast: ${path}: hold, by its first rows; reading the rest\n`) : null;
    const report = source === null ? null : await judgeOne(path, kind, source, options, parts, open, tell);
    if (!isBatch) {
      yield { path, judgement: report?.judgement ?? null };
      continue;
    }
    const sibling = report === null || kind !== 'email' ? null : siblingOf(String(index), null, report);
    // The opened message is let go here: a folder of mails must not stay in memory.
    waiting.push({
      path,
      judgement: report?.judgement ?? null,
      sibling,
      report: report && { judgement: report.judgement, parties: report.parties },
    });
  }
  const siblings = waiting.flatMap(({ sibling }) => (sibling === null ? [] : [sibling]));
  const odd = findOddOnes(siblings, parts.rules.thresholds);
  for (const [index, { path, judgement, report }] of waiting.entries()) {
    const finding = odd.get(String(index));
    yield {
      path,
      judgement: finding === undefined || report === null ? judgement : judgeAgain(report, [finding], parts),
    };
  }
}

async function judgeOne(
  path: string,
  kind: MessageKind,
  source: ByteSource,
  options: ScanOptions,
  parts: Omit<EngineParts, 'open'>,
  open: Opener,
  tell: (() => void) | null,
): Promise<ScanReport> {
  const { at: now, publishAt } = options;
  const request = {
    kind,
    name: path === '-' ? 'standard input' : path,
    source,
    parties: { from: options.from, to: options.to },
    now,
    publishAt,
    ...(tell === null ? {} : { onEarlyHold: tell }),
  };
  return createEngine({ ...parts, open }).judge(request);
}

/** What a path is taken for unless `--kind` says otherwise (contract section 3). */
export function kindOf(path: string): MessageKind {
  if (/\.eml$/i.test(path)) return 'email';
  return path === '-' || /\.(?:txt|md)$/i.test(path) ? 'draft' : 'file';
}

async function read(path: string, io: CommandIo): Promise<ByteSource | null> {
  try {
    return path === '-' ? memorySource(await io.stdin()) : await fileSource(path);
  } catch (error) {
    io.err(`holdfast: ${path}: ${describeReadError(error)}\n`);
    return null;
  }
}
