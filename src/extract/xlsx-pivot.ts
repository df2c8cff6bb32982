import type { ExtractContext, Piece } from './extractor.ts';
import type { OoxmlPackage } from './ooxml-package.ts';
import { TableBuilder } from './table-builder.ts';
import type { XmlAttributes } from './xml-reader.ts';

interface Field {
  readonly name: string;
  readonly items: string[];
}

/** Elements that give one value each, with it in `v`; `x` points at a shared item, `m` is a missing one. */
const VALUES: ReadonlySet<string> = new Set(['s', 'n', 'd', 'b', 'e', 'x', 'm']);

/**
 * The records a pivot table keeps of its source, as a hidden table: whoever gets the workbook has them all, however few numbers
 * the pivot table shows.
 */
export async function* readPivotCaches(
  pack: OoxmlPackage,
  definitions: readonly string[],
  context: ExtractContext,
): AsyncGenerator<Piece> {
  for (const [at, part] of definitions.entries()) {
    const fields: Field[] = [];
    let isShared = false;
    await pack.readXml(part, {
      open(name, attributes) {
        if (name === 'cacheField') fields.push({ name: attributes.get('name') ?? '', items: [] });
        else if (name === 'sharedItems') isShared = true;
        else if (isShared && VALUES.has(name)) fields.at(-1)?.items.push(attributes.get('v') ?? '');
      },
      text() {},
      close(name) {
        if (name === 'sharedItems') isShared = false;
      },
    });
    const name = `pivot cache ${at + 1}`;
    const items = fields.map((field) => [field.name, ...field.items].join('\t')).join('\n');
    if (items.trim() !== '') yield { kind: 'text', step: `${name} items`, role: 'table', text: items, hidden: true };
    const records = (await pack.relationships(part)).find((one) => one.kind === 'pivotCacheRecords')?.target;
    if (records === undefined || !pack.has(records)) continue;
    const table = new TableBuilder(name, context.everyCell);
    table.addRow(fields.map((field) => field.name));
    await readRecords(pack, records, fields, table);
    yield { kind: 'table', step: name, ...table.finish(true) };
  }
}

async function readRecords(
  pack: OoxmlPackage,
  part: string,
  fields: readonly Field[],
  table: TableBuilder,
): Promise<void> {
  let row: string[] = [];
  await pack.readXml(part, {
    open(name, attributes) {
      if (name === 'r') row = [];
      else if (VALUES.has(name)) row.push(readValue(name, attributes, fields[row.length]));
    },
    text() {},
    close(name) {
      if (name === 'r') table.addRow(row);
    },
  });
}

function readValue(name: string, attributes: XmlAttributes, field: Field | undefined): string {
  const raw = attributes.get('v') ?? '';
  if (name === 'x') return field?.items[Number(raw)] ?? raw;
  return name === 'd' ? raw.replace(/T00:00:00$/, '') : raw;
}
