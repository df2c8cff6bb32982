import type { SensitivityEntry } from '../../core/entry.ts';

/** The fields of a protected dataset as a person types them. */
export interface DatasetFields {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly classification: string;
  readonly embargo: string;
  readonly dataset: string;
  readonly columns: string;
  readonly allowedRecipients: string;
}

const EMPTY: DatasetFields = {
  id: '',
  title: '',
  owner: '',
  classification: '',
  embargo: '',
  dataset: '',
  columns: '',
  allowedRecipients: '',
};

export function emptyDatasetFields(): DatasetFields {
  return EMPTY;
}

export function readDatasetFields(form: URLSearchParams): DatasetFields {
  const names = Object.keys(EMPTY) as (keyof DatasetFields)[];
  return Object.fromEntries(names.map((name) => [name, (form.get(name) ?? '').trim()])) as Record<
    keyof DatasetFields,
    string
  >;
}

export function fieldsOfDataset(entry: SensitivityEntry): DatasetFields {
  return {
    id: entry.id,
    title: entry.title,
    owner: entry.owner,
    classification: entry.classification ?? '',
    embargo: entry.embargo ?? '',
    dataset: entry.dataset ?? '',
    columns: entry.columns.join('\n'),
    allowedRecipients: entry.allowedRecipients.join('\n'),
  };
}

/** The entry in the shape of its file, for the register's own checks. */
export function datasetDocument(
  fields: DatasetFields,
  kept: SensitivityEntry | null,
): Readonly<Record<string, unknown>> {
  const split = (text: string) =>
    text
      .split(/[\r\n,;]+/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
  const document = {
    ...fields,
    columns: split(fields.columns),
    sketch: kept?.sketch ?? '',
    allowedRecipients: split(fields.allowedRecipients),
  };
  return Object.fromEntries(
    Object.entries(document).filter(([, one]) => one !== '' && !(Array.isArray(one) && one.length === 0)),
  );
}
