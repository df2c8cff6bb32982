import type { Caller } from '../../service/ports.ts';
import type { DraftInput } from '../../service/service.ts';
import { describePictures } from './alt-text.ts';
import type { PageCall, UploadedFile } from './page-route.ts';
import { readPlannedTime } from './planned-time.ts';

/** `limit`: the longest that the channel takes, counted as it counts; null where there is none worth a warning. */
export const CHANNELS = [
  { value: 'x', text: 'X (Twitter)', limit: 280 },
  { value: 'facebook', text: 'Facebook', limit: 63_206 },
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
  readonly zone: string;
  /** `public`, or `people` for the recipients alone. */
  readonly audience: string;
  readonly recipients: string;
  /** What is said of the pictures for those who do not see them: one line a file, in their order. */
  readonly alt: string;
  /** How many files the form had when its answer was made: a browser does not keep them. */
  readonly hadFiles: number;
}

export type CheckErrors = Readonly<Partial<Record<'text' | 'channel' | 'day' | 'recipients' | 'files', string>>>;

export function readCheckFields(values: URLSearchParams): CheckFields {
  const recipients = values.get('recipients') ?? '';
  return {
    // Browsers send line ends as CRLF; a span counts them as the text area shows them.
    text: (values.get('text') ?? '').replaceAll('\r\n', '\n'),
    channel: values.get('channel') ?? 'x',
    day: values.get('day') ?? '',
    time: values.get('time') ?? '',
    zone: values.get('zone') ?? 'Europe/London',
    audience: values.get('audience') ?? (recipients.trim() === '' ? 'public' : 'people'),
    recipients,
    alt: values.getAll('alt').join('\n').replaceAll('\r\n', '\n'),
    hadFiles: Math.max(0, Math.min(MAX_FILES, Number.parseInt(values.get('had-files') ?? '0', 10) || 0)),
  };
}

export type DraftReading =
  | { readonly ok: true; readonly draft: DraftInput; readonly plannedNote: string | null }
  | { readonly ok: false; readonly errors: CheckErrors };

/** A draft to judge, or what to correct first. */
export function readDraft(fields: CheckFields, files: PageCall['files'], caller: Caller): DraftReading {
  const planned = readPlannedTime(fields.day, fields.time, fields.zone);
  const recipients = fields.audience === 'people' ? fields.recipients.split(/[\s,;]+/).filter((one) => one !== '') : [];
  const errors = {
    ...faults(fields, files, recipients),
    ...(planned.kind === 'fault' ? { day: planned.message } : {}),
  };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const draft = {
    text: fields.text,
    channel: fields.channel,
    publishAt: planned.kind === 'at' ? planned.instant : null,
    author: caller.address ?? caller.name,
    recipients,
    attachments: [
      ...files.map(({ name, type, content }) => ({ name: name || 'file', type, content })),
      ...describePictures(files, fields.alt),
    ],
  };
  return { ok: true, draft, plannedNote: planned.kind === 'at' ? planned.note : null };
}

function faults(fields: CheckFields, files: readonly UploadedFile[], recipients: readonly string[]): CheckErrors {
  const wrong = recipients.find((one) => !/^[^\s@<>]+@[^\s@<>]+$/.test(one));
  const isEmpty = fields.text.trim() === '' && fields.alt.trim() === '' && files.length === 0;
  return {
    ...(isEmpty ? { text: 'Enter the text that you want to publish' } : {}),
    ...(fields.text.length > MAX_DRAFT_CHARACTERS
      ? {
          text: `Text must be ${MAX_DRAFT_CHARACTERS.toLocaleString('en-GB')} characters or less; attach longer text as a file`,
        }
      : {}),
    ...(CHANNELS.some(({ value }) => value === fields.channel) ? {} : { channel: 'Choose where it will appear' }),
    ...(wrong === undefined
      ? {}
      : { recipients: `${wrong.slice(0, 60)} is not an e-mail address like name@example.org` }),
    ...(fields.audience === 'people' && recipients.length === 0
      ? { recipients: 'Enter the e-mail addresses of those who will get it, or choose everyone' }
      : {}),
    ...(files.length > MAX_FILES ? { files: `Attach ${MAX_FILES} files or fewer` } : {}),
  };
}
