import { createHash } from 'node:crypto';

import type { Registers } from '../core/entry.ts';
import type { Judgement } from '../core/verdict.ts';
import { type FindingView, type Viewer, viewFindings } from '../core/view.ts';

/** A file that was judged. */
export interface JudgedFile {
  readonly path: string;
  readonly judgement: Judgement;
  /** The file's own text where offsets of findings count in it; null elsewhere. */
  readonly text: string | null;
}

type Level = 'error' | 'warning' | 'note';
const LEVELS: Readonly<Record<string, Level>> = {
  high: 'error',
  medium: 'warning',
  low: 'note',
};
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  direction: 'Says which way a figure goes before it is released',
  figure: 'Gives a figure of a release before it is released',
  'record-level': 'Holds records of people or households',
  fingerprint: 'Holds part of a registered dataset or document',
  marking: 'Is marked as not for everybody',
  recipients: 'Goes to somebody who may not have it',
  batch: 'Stands apart from the other mails of its batch',
  incomplete: 'Could not be looked at, which is never clean',
};

interface Result {
  readonly detector: string;
  readonly rule: string;
  readonly level: Level;
  readonly text: string;
  readonly part: string;
  readonly span: FindingView['span'];
}

/**
 * The findings as one SARIF 2.1.0 document, for hosts of code to show beside the lines.
 *
 * It carries no content and no insight, whoever asks: what a build writes is read by many.
 */
export function sarifLog(
  files: readonly JudgedFile[],
  registers: Registers,
  viewer: Viewer,
  run: { readonly version: string; readonly isComplete: boolean },
): string {
  const all = files.map((file) => ({ file, results: resultsOf(file.judgement, registers, viewer) }));
  const ids = [...new Set(all.flatMap(({ results }) => results.map(ruleId)))].sort();
  const rules = ids.map((id) => {
    const description = { text: DESCRIPTIONS[id.split('/')[0] ?? ''] ?? id };
    return { id, shortDescription: description };
  });
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Holdfast', semanticVersion: run.version, rules } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: run.isComplete }],
        artifacts: files.map(({ path, judgement: { verdict, holdUntil } }) => ({
          location: { uri: uriOf(path) },
          properties: { verdict, holdUntil: holdUntil === null ? null : new Date(holdUntil).toISOString() },
        })),
        results: all.flatMap(({ file, results }, index) => {
          const seen = new Map<string, number>();
          return results.map((result) => {
            const key = [uriOf(file.path), ruleId(result), result.part].join('\0');
            const before = seen.get(key) ?? 0;
            seen.set(key, before + 1);
            return describe(result, file, index, ids, `${key}\0${before}`);
          });
        }),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const BODY = 'body';
const ruleId = ({ detector, rule }: Result) => `${detector}/${rule}`;

function resultsOf(judgement: Judgement, registers: Registers, viewer: Viewer): readonly Result[] {
  return [
    ...viewFindings(judgement, registers, viewer).map(({ detector, rule, severity, summary, path, span }) => ({
      detector,
      rule,
      level: LEVELS[severity] ?? 'warning',
      text: summary,
      part: path,
      span,
    })),
    ...judgement.incomplete.map(({ path, reason }) => ({
      detector: 'incomplete',
      rule: reason,
      level: 'error' as const,
      text: `This part could not be looked at (${reason}), so the file is held until somebody has.`,
      part: path,
      span: null,
    })),
  ];
}

function describe(result: Result, { path, text }: JudgedFile, index: number, ids: readonly string[], key: string) {
  return {
    ruleId: ruleId(result),
    ruleIndex: ids.indexOf(ruleId(result)),
    level: result.level,
    message: { text: result.text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(path), index },
          // Offsets count in the text of a part; only a draft's body is its file.
          region:
            text === null || result.span === null || result.part !== BODY
              ? { startLine: 1 }
              : regionOf(text, result.span),
        },
        logicalLocations: [{ fullyQualifiedName: result.part }],
      },
    ],
    partialFingerprints: { 'holdfast/v1': createHash('sha256').update(key).digest('hex').slice(0, 32) },
  };
}

function regionOf(text: string, { start, end }: NonNullable<FindingView['span']>) {
  const before = text.slice(0, start).split('\n');
  const within = text.slice(start, end).split('\n');
  const startLine = before.length;
  const startColumn = (before.at(-1)?.length ?? 0) + 1;
  const endLine = startLine + within.length - 1;
  const endColumn = (within.length === 1 ? startColumn : 1) + (within.at(-1)?.length ?? 0);
  return { startLine, startColumn, endLine, endColumn };
}

/** A relative reference (RFC 3986): hosts of code know files by their place in the repository. */
function uriOf(path: string): string {
  const plain = path.replaceAll('\\', '/').replace(/^\.\//, '');
  const encoded = plain.split('/').map(encodeURIComponent).join('/');
  return plain.startsWith('/') ? `file://${encoded}` : encoded;
}
