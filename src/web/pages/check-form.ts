import type { Caller } from '../../service/ports.ts';
import type { DraftInput } from '../../service/service.ts';
import type { PageCall, UploadedFile } from './page-route.ts';
import { readLocal } from './show-time.ts';

export const CHANNELS = [
  { value: 'x', text: 'X (Twitter)', limit: 280 },
  { value: 'facebook', text: 'Facebook', limit: null },
  { value: 'linkedin', text: 'LinkedIn', limit: 3000 },
  { value: 'press', text: 'Press line', limit: null },
  { value: 'email', text: 'E-mail', limit: null },
  { value: 'other', text: 'Somewhere else', limit: null },
] as const;

export const MAX_DRAFT_CHARACTERS = 100_000;
const MAX_FILES = 20;

/** The fields as a person typed them, so that a page can show them again. */
export interface CheckFields {
  readonly text: string;
  readonly channel: string;
  readonly day: string;
  readonly time: string;
  readonly recipients: string;
}

export type CheckErrors = Readonly<Partial<Record<'text' | 'channel' | 'day' | 'recipients' | 'files', string>>>;

export function readCheckFields(values: URLSearchParams): CheckFields {
  return {
    // Browsers send line ends as CRLF; a span counts them as the text area shows them.
    text: (values.get('text') ?? '').replaceAll('\r\n', '\n'),
    channel: values.get('channel') ?? 'x',
    day: values.get('day') ?? '',
    time: values.get('time') ?? '',
    recipients: values.get('recipients') ?? '',
  };
}

/** A draft to judge, or what to correct first. */
export function readDraft(
  fields: CheckFields,
  files: PageCall['files'],
  caller: Caller,
): { readonly ok: true; readonly draft: DraftInput } | { readonly ok: false; readonly errors: CheckErrors } {
  const planned = fields.day !== '' || fields.time !== '';
  const publishAt = planned ? readLocal(fields.day, fields.time) : null;
  const recipients = fields.recipients.split(/[\s,;]+/).filter((one) => one !== '');
  const errors = faults(fields, files, planned && publishAt === null, recipients);
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const draft = {
    text: fields.text,
    channel: fields.channel,
    publishAt,
    author: caller.address ?? caller.name,
    recipients,
    attachments: files.map(({ name, type, content }) => ({ name: name || 'file', type, content })),
  };
  return { ok: true, draft };
}

function faults(
  fields: CheckFields,
  files: readonly UploadedFile[],
  noSuchTime: boolean,
  recipients: readonly string[],
): CheckErrors {
  const wrong = recipients.find((one) => !/^[^\s@<>]+@[^\s@<>]+$/.test(one));
  return {
    ...(fields.text.trim() === '' && files.length === 0 ? { text: 'Enter the text that you want to publish' } : {}),
    ...(fields.text.length > MAX_DRAFT_CHARACTERS
      ? {
          text: `Text must be ${MAX_DRAFT_CHARACTERS.toLocaleString('en-GB')} characters or less; attach longer text as a file`,
        }
      : {}),
    ...(CHANNELS.some(({ value }) => value === fields.channel) ? {} : { channel: 'Choose where it will appear' }),
    ...(noSuchTime ? { day: 'Enter a day and a time that exist, like 20 January 2016 and 09:30' } : {}),
    ...(wrong === undefined
      ? {}
      : { recipients: `${wrong.slice(0, 60)} is not an e-mail address like name@example.org` }),
    ...(files.length > MAX_FILES ? { files: `Attach ${MAX_FILES} files or fewer` } : {}),
  };
}
