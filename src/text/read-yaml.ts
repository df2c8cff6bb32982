import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { z } from 'zod';
import type { Fault, Result } from '../core/result.ts';
import { explainIssue, MOST_FAULTS, withoutEchoes } from './explain-issue.ts';

/** A file that a person wrote, read already. */
export interface SourceFile {
  /** As its owner knows it; what faults name. */
  readonly file: string;
  /** Below the folder it was found in, steps joined by `/`. */
  readonly path: string;
  readonly text: string;
}

export type KeyPath = readonly (string | number)[];

/** One YAML document that fits its schema, and where its keys stand. */
export interface YamlEntry<T> {
  readonly source: SourceFile;
  readonly value: T;
  /** A fault at a key of this file; a key that is missing is placed at the one it is missing from. */
  fault(path: KeyPath, message: string): Fault;
}

/** Largest file taken, in bytes of UTF-8: a register entry is a few kilobytes, and a parser is no place for a flood. */
export const YAML_LIMIT = 1_000_000;
/** Of a rule: what a reader learned has 1.9 MB. */
export const RULE_LIMIT = 2_000_000;

/**
 * Reads one YAML 1.2 document strictly: one document a file, no aliases, no unknown tags, no key twice, no key that the schema
 * does not know. Every fault says where it stands, what is wrong and what to do, and quotes no number of the file.
 */
export function readYaml<S extends z.ZodType>(
  source: SourceFile,
  schema: S,
  limit = YAML_LIMIT,
): Result<YamlEntry<z.output<S>>> {
  const whole = (message: string): Fault => ({ file: source.file, line: null, column: null, key: null, message });
  if (Buffer.byteLength(source.text) > limit) return fail(whole(explainSize(limit)));
  const lines = new LineCounter();
  const document = parseDocument(source.text, {
    lineCounter: lines,
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    // Checked below in linear time; the parser's own check is quadratic.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const at = (offset: number, path: KeyPath | null, message: string): Fault => {
    const { line, col } = lines.linePos(offset);
    return {
      file: source.file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      key: path === null ? null : dotted(path),
      message,
    };
  };
  const control = /[^\P{Cc}\t\n\r]/u.exec(source.text);
  if (control !== null)
    return fail(at(control.index, null, 'holds a control character, save the file as plain UTF-8 text'));
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken !== undefined) return fail(at(broken.pos[0], pathAt(document, broken.pos[0]), explainSyntax(broken)));
  if (document.contents === null) return fail(at(0, null, 'is empty, write an entry or remove the file'));
  const banned = firstBanned(document);
  if (banned !== null) return fail(at(banned.offset, banned.path, banned.message));

  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const fault = (path: KeyPath, message: string) => at(offsetOf(document, path), path, message);
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: { source, value: parsed.data, fault } };
  const explanations = withoutEchoes(parsed.error.issues.flatMap((issue) => explainIssue(issue, value, schema)));
  return { ok: false, error: explanations.slice(0, MOST_FAULTS).map(({ path, message }) => fault(path, message)) };
}

function fail(fault: Fault): { readonly ok: false; readonly error: readonly Fault[] } {
  return { ok: false, error: [fault] };
}

/** `embargo.until`, `figures[0].unit`. A key that is no plain word is not repeated: a figure may have slipped into it (promise 5). */
export function dotted(path: KeyPath): string | null {
  const text = path.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before}[${step}]`;
    const name = PLAIN_KEY.test(step) ? step : '?';
    return before === '' ? name : `${before}.${name}`;
  }, '');
  return text === '' ? null : text;
}

const PLAIN_KEY = /^(?:[\p{L}_$@<][\p{L}\p{M}\p{N}_$@<-]{0,59})$/u;

function explainSyntax(error: YAMLError): string {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return 'a tab indents this line, use spaces';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here, keep one entry a file';
    case 'TAG_RESOLVE_FAILED':
      return `${error.message.replace(/^Unresolved tag: /, 'the tag ').replace('tag:yaml.org,2002:', '!!')} is not known, remove it`;
    case 'RESOURCE_EXHAUSTION':
      return 'is nested too deeply, an entry has a few levels';
    case 'NON_STRING_KEY':
      return 'a list or a map stands as a key, write a plain word';
    case 'MISSING_CHAR':
      return `${lowerFirst(error.message)}, close it`;
    case 'BAD_INDENT':
      return `${lowerFirst(error.message)}, mend the indentation or the brackets`;
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a second colon on this line, put the text in quotes';
    default:
      // The parser quotes what it stumbled over.
      return `not valid YAML: ${lowerFirst(error.message)
        .replaceAll(/:? ?"(?:[^"\\]|\\.)*"/g, '')
        .replaceAll(/\s+/g, ' ')}, mend this line`;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

interface Banned {
  readonly offset: number;
  readonly path: KeyPath;
  readonly message: string;
}

function firstBanned(document: Document): Banned | null {
  let found: Banned | null = null;
  const report = (offset: number, message: string) => {
    found = { offset, path: pathAt(document, offset) ?? [], message };
    return visit.BREAK;
  };
  visit(document, {
    Alias: (_key, node) => report(node.range?.[0] ?? 0, 'an alias stands here, write the value out'),
    Map: (_key, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const offset = key.range?.[0] ?? 0;
        if (name === '__proto__') return report(offset, 'this key is not allowed, remove it');
        if (seen.has(name)) return report(offset, 'this key stands twice, keep one of the two');
        seen.add(name);
      }
      return undefined;
    },
  });
  return found;
}

/** Where the key of a path begins; where the path ends early, its last step that exists. */
function offsetOf(document: Document, path: KeyPath): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined || !isScalar(pair.key)) return offset;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      const item: unknown = node.items[step];
      if (item === undefined) return offset;
      if (isNode(item)) offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

/** The keys around a place in the text, as far as the parser got; null outside of any. */
function pathAt(document: Document, offset: number): KeyPath | null {
  const path: (string | number)[] = [];
  let node: unknown = document.contents;
  for (;;) {
    if (isMap(node)) {
      const pair = node.items.findLast(({ key }) => isScalar(key) && (key.range?.[0] ?? 0) <= offset);
      if (pair === undefined || !isScalar(pair.key)) break;
      path.push(String(pair.key.value));
      node = pair.value;
    } else if (isSeq(node)) {
      const index = node.items.findLastIndex((item) => isNode(item) && (item.range?.[0] ?? 0) <= offset);
      if (index < 0) break;
      path.push(index);
      node = node.items[index];
    } else {
      break;
    }
    if (isAlias(node)) break;
  }
  return path.length === 0 ? null : path;
}

/** Of a file that is larger, in a fault's words. */
export function explainSize(limit: number): string {
  return `is larger than ${limit / 1_000_000} MB, split it or remove what is not needed`;
}
