import { z } from 'zod';
import { nearestName } from './nearest-name.ts';

/** What is wrong at a key, and what to do about it. */
export interface Explanation {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The key is missing. */
  readonly missing?: true;
  /** The key that the unknown one was most likely meant for. */
  readonly meant?: string;
}

/** Complaints told of one file: whoever made more needs none of the others, and a hostile file could have a hundred thousand. */
export const MOST_FAULTS = 50;

/** Drops the complaint that a key is missing where its misspelling is complained of already. */
export function withoutEchoes(explanations: readonly Explanation[]): readonly Explanation[] {
  const meant = new Set(
    explanations.flatMap(({ path, meant }) =>
      meant === undefined ? [] : [JSON.stringify([...path.slice(0, -1), meant])],
    ),
  );
  return explanations.filter(({ path, missing }) => missing === undefined || !meant.has(JSON.stringify(path)));
}

/**
 * A schema's complaint in plain words.
 *
 * Never quotes a number or a text that the schema does not list by itself: an embargoed figure may stand there (promise 5).
 */
export function explainIssue(issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): readonly Explanation[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MOST_FAULTS).map((key) => explainKey([...path, key], key, knownKeys(schema, path)));
    case 'invalid_type': {
      const found = valueAt(value, path);
      const wanted = TYPES[issue.expected] ?? `a value of type ${issue.expected}`;
      if (found === undefined) return [{ path, missing: true, message: `this key is missing, add it with ${wanted}` }];
      return [{ path, message: `expected ${wanted}, found ${describe(found)}${remedy(issue.expected, found)}` }];
    }
    case 'invalid_value': {
      const found = valueAt(value, path);
      const choices = issue.values.map(String);
      if (found === undefined)
        return [{ path, missing: true, message: `this key is missing, add one of ${choices.join(', ')}` }];
      const near = typeof found === 'string' ? nearestName(found, choices) : null;
      const advice = near === null ? `use one of ${choices.join(', ')}` : `did you mean "${near}"?`;
      const what = typeof found === 'string' && !/\d/.test(found) ? quote(found) : describe(found);
      return [{ path, message: `${what} is not allowed here, ${advice}` }];
    }
    case 'invalid_union': {
      if (issue.discriminator !== undefined) {
        const kinds = discriminatorValues(schema, path.slice(0, -1), issue.discriminator);
        const found = valueAt(value, path);
        if (typeof found !== 'string')
          return [{ path, missing: true, message: `this key is missing, add one of ${kinds.join(', ')}` }];
        const near = nearestName(found, kinds);
        const advice = near === null ? `use one of ${kinds.join(', ')}` : `did you mean "${near}"?`;
        return [{ path, message: `${quote(found)} is not allowed here, ${advice}` }];
      }
      const branch = likeliestBranch(issue.errors);
      if (branch === null)
        return [{ path, message: 'fits none of the forms that are allowed here, see docs/registers.md' }];
      return branch.flatMap((inner) => explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, value, schema));
    }
    case 'invalid_key': {
      return [{ path, message: issue.issues[0]?.message ?? 'this key is not allowed, rename it' }];
    }
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1)
        return [{ path, message: 'is empty, write a text' }];
      if (issue.origin === 'array') return [{ path, message: `has too few items, at least ${issue.minimum} needed` }];
      return [
        { path, message: `is too small, ${issue.inclusive === false ? 'must be above' : 'at least'} ${issue.minimum}` },
      ];
    case 'too_big':
      if (issue.origin === 'string') return [{ path, message: `is too long, at most ${issue.maximum} characters` }];
      if (issue.origin === 'array') return [{ path, message: `has too many items, at most ${issue.maximum}` }];
      return [
        { path, message: `is too large, ${issue.inclusive === false ? 'must be below' : 'at most'} ${issue.maximum}` },
      ];
    default:
      return [{ path, message: issue.message }];
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map of keys',
  array: 'a list',
  record: 'a map of keys',
};

function describe(found: unknown): string {
  if (found === null) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'string') return 'a text';
  if (typeof found === 'number') return Number.isFinite(found) ? 'a number' : 'no finite number';
  if (typeof found === 'boolean') return 'true or false';
  return 'a map of keys';
}

function remedy(expected: string, found: unknown): string {
  if (found === null) return ', give it a value or remove the key';
  if (expected === 'number' && typeof found === 'string') {
    return found.trim() !== '' && Number.isFinite(Number(found)) ? ', remove the quotes' : ', write digits alone';
  }
  if (expected === 'string' && (typeof found === 'number' || typeof found === 'boolean')) return ', put it in quotes';
  if (expected === 'string' && typeof found === 'object' && !Array.isArray(found))
    return ', put the text in quotes, since a colon makes it a key';
  if (expected === 'array') return ', write it as [item, item] or as lines that begin with a dash';
  if (expected === 'object' || expected === 'record') return ', write its keys below it, indented';
  return ', mend it';
}

function explainKey(path: Explanation['path'], key: string, known: readonly string[]): Explanation {
  const near = nearestName(key, known);
  if (near !== null) return { path, message: `unknown key, did you mean "${near}"?`, meant: near };
  if (known.length === 0) return { path, message: 'unknown key, remove it' };
  return { path, message: `unknown key, remove it or use one of ${known.join(', ')}` };
}

/** A short word of the file, made safe for one line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    value,
  );
}

/** The branch that the writer meant: one whose kind of value was written, else the one whose complaints lie deepest. */
function likeliestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | null {
  const isKind = (branch: readonly z.core.$ZodIssue[]) =>
    !branch.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0);
  const depth = (branch: readonly z.core.$ZodIssue[]) => Math.min(...branch.map((issue) => issue.path.length));
  const [best] = branches.toSorted(
    (a, b) => Number(isKind(b)) - Number(isKind(a)) || depth(b) - depth(a) || a.length - b.length,
  );
  return best === undefined || best.length === 0 ? null : isKind(best) ? best : best.slice(0, 1);
}

/** The keys that the strict object at a path of a schema allows. */
function knownKeys(schema: z.core.$ZodType, path: readonly (string | number)[]): readonly string[] {
  return [
    ...new Set(schemasAt(schema, path).flatMap((at) => (at instanceof z.ZodObject ? Object.keys(at.shape) : []))),
  ];
}

function discriminatorValues(
  schema: z.core.$ZodType,
  path: readonly (string | number)[],
  key: string,
): readonly string[] {
  return schemasAt(schema, path).flatMap((at) => {
    const literal = at instanceof z.ZodObject ? (at.shape[key] as unknown) : undefined;
    return literal instanceof z.ZodLiteral ? [...literal.values].map(String) : [];
  });
}

/** The schemas that may stand at a path: several where a union lies on the way. */
function schemasAt(schema: z.core.$ZodType, path: readonly (string | number)[]): readonly z.core.$ZodType[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion || inner instanceof z.ZodDiscriminatedUnion)
    return inner.options.flatMap((option) => schemasAt(option as z.core.$ZodType, path));
  const [step, ...rest] = path;
  if (step === undefined) return [inner];
  if (inner instanceof z.ZodObject) {
    const child = inner.shape[String(step)] as z.core.$ZodType | undefined;
    return child === undefined ? [] : schemasAt(child, rest);
  }
  if (inner instanceof z.ZodArray) return schemasAt(inner.element as z.core.$ZodType, rest);
  if (inner instanceof z.ZodRecord) return schemasAt(inner.valueType as z.core.$ZodType, rest);
  return [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.unwrap() as z.core.$ZodType);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.core.$ZodType);
  return schema;
}
