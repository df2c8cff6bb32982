import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, Result } from '../core/result.ts';
import {
  NOTICE_NAMES,
  type NoticeName,
  type NoticeTemplate,
  type NoticeTemplates,
  parseNoticeTemplate,
} from '../service/notices/notice-template.ts';
import { errorCode } from './error-code.ts';

/** The template of every notice: `NAME.txt` of the folder, else the one that ships; every fault costs one line. */
export function readNoticeTemplates(folder: string | null, shipped: string): Result<NoticeTemplates> {
  const templates = new Map<NoticeName, NoticeTemplate>();
  const faults: Fault[] = [];
  for (const name of NOTICE_NAMES) {
    const own = folder === null ? null : read(join(folder, `${name}.txt`), faults);
    const file = own === null ? join(shipped, `${name}.txt`) : join(folder ?? '', `${name}.txt`);
    const parsed = parseNoticeTemplate(name, file, own ?? readFileSync(file, 'utf8'));
    if (parsed.ok) templates.set(name, parsed.value);
    else faults.push(...parsed.faults);
  }
  return faults.length > 0 ? { ok: false, error: faults } : { ok: true, value: templates };
}

/** Null where there is none. */
function read(file: string, faults: Fault[]): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT') {
      faults.push({
        file,
        line: null,
        column: null,
        key: null,
        message: `cannot be read (${code}), let this user read it`,
      });
    }
    return null;
  }
}
