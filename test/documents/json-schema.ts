type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

interface Seen {
  readonly faults: readonly string[];
  /** Properties that some keyword has spoken of. */
  readonly known: ReadonlySet<string>;
}

const FINE: Seen = { faults: [], known: new Set() };

/**
 * The faults of a document by a JSON Schema (2020-12), a line each with its place: what the schemas of document formats use.
 *
 * @throws Error at a keyword that it does not know, so that nothing is taken for checked that is not.
 */
export function schemaFaults(document: unknown, schema: Json): readonly string[] {
  return check(document, schema, schema, '').faults;
}

const IGNORED = new Set(
  'id definitions $id $schema $comment $defs $anchor $dynamicAnchor $vocabulary title description default examples format then else deprecated'.split(
    ' ',
  ),
);

function check(value: unknown, schema: unknown, root: Json, place: string): Seen {
  if (schema === true) return FINE;
  if (schema === false) return { faults: [`${place}: may not be here`], known: new Set() };
  if (!isJson(schema)) throw new Error(`${place}: no schema`);
  const faults: string[] = [];
  const known = new Set<string>();
  const take = ({ faults: more, known: names }: Seen) => {
    faults.push(...more);
    for (const name of names) known.add(name);
  };
  const fault = (text: string) => faults.push(`${place || '/'}: ${text}`);
  const object = isJson(value) ? value : {};
  const names = Object.keys(object);
  const passes = (one: unknown) => check(value, one, root, place);
  for (const [keyword, rule] of Object.entries(schema)) {
    if (IGNORED.has(keyword) || keyword === 'unevaluatedProperties') continue;
    switch (keyword) {
      case '$ref':
      case '$dynamicRef':
        take(passes(resolve(String(rule), root)));
        break;
      case 'type':
        if (![rule].flat().some((type) => hasType(value, String(type)))) fault(`is not ${String(rule)}`);
        break;
      case 'enum':
        if (!(rule as unknown[]).includes(value)) fault(`is not one of ${(rule as unknown[]).join(', ')}`);
        break;
      case 'const':
        if (value !== rule) fault(`is not ${String(rule)}`);
        break;
      case 'required':
        for (const name of rule as string[]) if (isJson(value) && !(name in object)) fault(`has no ${name}`);
        break;
      case 'properties':
        for (const [name, one] of Object.entries(rule as Json)) {
          if (!(name in object)) continue;
          known.add(name);
          faults.push(...check(object[name], one, root, `${place}/${name}`).faults);
        }
        break;
      case 'patternProperties':
        for (const [pattern, one] of Object.entries(rule as Json)) {
          for (const name of names.filter((each) => new RegExp(pattern, 'u').test(each))) {
            known.add(name);
            faults.push(...check(object[name], one, root, `${place}/${name}`).faults);
          }
        }
        break;
      case 'additionalProperties':
        for (const name of names.filter((each) => !isSpokenOf(each, schema))) {
          known.add(name);
          faults.push(...check(object[name], rule, root, `${place}/${name}`).faults);
        }
        break;
      case 'propertyNames':
        for (const name of names) faults.push(...check(name, rule, root, `${place}/${name}`).faults);
        break;
      case 'items':
        if (Array.isArray(value))
          value.forEach((one, index) => {
            faults.push(...check(one, rule, root, `${place}/${index}`).faults);
          });
        break;
      case 'allOf':
        for (const one of rule as unknown[]) take(passes(one));
        break;
      case 'anyOf':
      case 'oneOf': {
        const fine = (rule as unknown[]).map(passes).filter((one) => one.faults.length === 0);
        if (fine.length === 0 || (keyword === 'oneOf' && fine.length > 1)) fault(`${fine.length} of ${keyword} fit`);
        for (const one of fine) take(one);
        break;
      }
      case 'not':
        if (passes(rule).faults.length === 0) fault('is what it may not be');
        break;
      case 'if': {
        const condition = passes(rule);
        const branch = condition.faults.length === 0 ? schema['then'] : schema['else'];
        if (condition.faults.length === 0) take({ faults: [], known: condition.known });
        if (branch !== undefined) take(passes(branch));
        break;
      }
      case 'dependentSchemas':
        for (const [name, one] of Object.entries(rule as Json)) if (name in object) take(passes(one));
        break;
      case 'pattern':
        if (typeof value === 'string' && !new RegExp(String(rule), 'u').test(value))
          fault(`does not match ${String(rule)}`);
        break;
      case 'minLength':
        if (typeof value === 'string' && value.length < Number(rule)) fault('is too short');
        break;
      case 'minimum':
        if (typeof value === 'number' && value < Number(rule)) fault(`is less than ${Number(rule)}`);
        break;
      case 'maximum':
        if (typeof value === 'number' && value > Number(rule)) fault(`is more than ${Number(rule)}`);
        break;
      case 'minItems':
        if (Array.isArray(value) && value.length < Number(rule)) fault('has too few');
        break;
      case 'maxItems':
        if (Array.isArray(value) && value.length > Number(rule)) fault('has too many');
        break;
      case 'uniqueItems':
        if (Array.isArray(value) && new Set(value.map((one) => JSON.stringify(one))).size < value.length)
          fault('repeats itself');
        break;
      case 'minProperties':
      case 'maxProperties':
        if (isJson(value) && (keyword === 'minProperties' ? names.length < Number(rule) : names.length > Number(rule)))
          fault(`has ${names.length} properties`);
        break;
      default:
        throw new Error(`${place}: the keyword ${keyword} is not known here`);
    }
  }
  if ('unevaluatedProperties' in schema) {
    for (const name of names.filter((each) => !known.has(each))) {
      faults.push(...check(object[name], schema['unevaluatedProperties'], root, `${place}/${name}`).faults);
    }
  }
  return { faults, known };
}

function isSpokenOf(name: string, schema: Json): boolean {
  if (name in ((schema['properties'] as Json | undefined) ?? {})) return true;
  return Object.keys((schema['patternProperties'] as Json | undefined) ?? {}).some((one) =>
    new RegExp(one, 'u').test(name),
  );
}

/** `#/$defs/x`; `#meta`, as a dynamic anchor, is a schema of any dialect. */
function resolve(reference: string, root: Json): unknown {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return { type: ['object', 'boolean'] };
  const found = reference
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (one, step) => (isJson(one) ? one[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
      root,
    );
  if (found === undefined) throw new Error(`${reference} leads nowhere`);
  return found;
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJson(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
