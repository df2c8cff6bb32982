import type { SensitivityEntry } from '../core/entry.ts';
import type { Fault } from '../core/result.ts';
import { quote } from '../text/explain-issue.ts';
import { suggestName } from '../text/nearest-name.ts';
import type { EntryReading, Place } from './parse-embargo.ts';
import { readPasswords } from './read-passwords.ts';
import type { RegisterContext } from './register-context.ts';
import type { SensitivityDocument } from './sensitivity-document.ts';

/** Resolves a sensitivity entry: its dataset must be one of the rules. Releases it names are checked over the whole register. */
export function parseSensitivity(
  document: SensitivityDocument,
  context: RegisterContext,
  at: Place,
): EntryReading<SensitivityEntry, SensitivityDocument> {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  if (document.dataset !== undefined && !context.datasets.includes(document.dataset))
    faults.push(
      at(
        ['dataset'],
        `${quote(document.dataset)} is no dataset of the rules, ${suggestName(document.dataset, context.datasets)}`,
      ),
    );
  if (document.dataset === undefined && document.columns === undefined && document.sketch === undefined)
    warnings.push(
      at([], 'names no dataset, columns or sketch, so nothing tells this file from others: add one of them'),
    );
  if (document.allowedRecipients.length === 0)
    warnings.push(at(['allowedRecipients'], 'names nobody, so every mail with this dataset is held'));
  const passwords = readPasswords(
    document,
    context,
    (path, message) => void faults.push(at(path, message)),
    (path, message) => void warnings.push(at(path, message)),
  );
  const entry: SensitivityEntry = {
    id: document.id,
    title: document.title,
    owner: document.owner,
    classification: document.classification ?? null,
    embargo: document.embargo ?? null,
    dataset: document.dataset ?? null,
    columns: document.columns ?? [],
    sketch: document.sketch ?? null,
    allowedRecipients: document.allowedRecipients,
  };
  const kept = { ...document, ...(document.passwords === undefined ? {} : { passwords: [...passwords.kept] }) };
  const parsed = faults.length > 0 ? null : { entry, document: kept, passwords: passwords.open };
  return { parsed, faults, warnings };
}
