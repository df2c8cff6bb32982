import { Document, isCollection, isScalar, isSeq, Scalar, visit } from 'yaml';
import { EmbargoDocument } from './embargo-document.ts';
import { SensitivityDocument } from './sensitivity-document.ts';

/** Keys whose values stand on one line, and lists whose items do. */
const ON_ONE_LINE = ['subjects', 'embargo', 'custodians', 'columns', 'allowedRecipients'];
const ITEMS_ON_ONE_LINE = ['access', 'figures', 'public'];

/** An entry as the text of its file, keys in the order of the documentation; reading it back gives the same entry. */
export function writeEntry(entry: EmbargoDocument | SensitivityDocument): string {
  // A database gives keys back in an order of its own; the schema has them in ours.
  const ordered = 'subjects' in entry ? EmbargoDocument.parse(entry) : SensitivityDocument.parse(entry);
  const document = new Document(ordered, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, scalar) {
      // YAML 1.1 readers would take a plain day or time for an instant.
      if (typeof scalar.value === 'string' && /^\d/.test(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
    Pair(_key, { key, value }) {
      const name = isScalar(key) ? String(key.value) : '';
      if (isCollection(value) && ON_ONE_LINE.includes(name)) value.flow = true;
      if (isSeq(value) && ITEMS_ON_ONE_LINE.includes(name))
        for (const item of value.items) if (isCollection(item)) item.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
