import { Document, isCollection, isMap, isScalar, isSeq, Scalar, visit } from 'yaml';
import type { EmbargoDocument } from './embargo-document.ts';
import type { SensitivityDocument } from './sensitivity-document.ts';

/** Keys whose values fit on one line. */
const ON_ONE_LINE = ['subjects', 'embargo', 'custodians', 'columns', 'allowedRecipients', 'digests'];

/** An entry as the text of its file; reading it back gives the same entry. */
export function writeEntry(entry: EmbargoDocument | SensitivityDocument): string {
  const document = new Document(entry, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, scalar) {
      // YAML 1.1 readers would take a plain day or time for an instant.
      if (typeof scalar.value === 'string' && /^\d/.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
    Pair(_key, pair) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      if (isCollection(pair.value) && ON_ONE_LINE.includes(name)) pair.value.flow = true;
    },
    Seq(_key, list) {
      for (const item of list.items)
        if (isMap(item) && !item.items.some(({ value }) => isMap(value) || isSeq(value))) item.flow = true;
    },
  });
  return document.toString({ lineWidth: 120 });
}
