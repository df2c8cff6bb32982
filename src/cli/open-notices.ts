import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { describeFault } from '../core/result.ts';
import type { Log } from '../service/log.ts';
import { startNotices } from '../service/notices/start-notices.ts';
import type { JobQueue } from '../service/ports.ts';
import { readNoticeTemplates } from '../store/read-notice-templates.ts';
import type { Backend } from './backend.ts';
import { CannotRun } from './command.ts';

export const SHIPPED_NOTICES = fileURLToPath(new URL('../../notices', import.meta.url));

/** Starts telling people by mail, where an address for it is set and mail has somewhere to go. @throws CannotRun with a line for each faulty template. */
export function openNotices(
  config: Config,
  { store, clock, newId }: Pick<Backend, 'store' | 'clock' | 'newId'>,
  queue: Pick<JobQueue, 'add'>,
  log: Log,
): { stop(): Promise<void> } | null {
  const { notices, access, nextHop } = config;
  if (notices === null || nextHop === null) return null;
  const templates = readNoticeTemplates(notices.templates, SHIPPED_NOTICES);
  if (!templates.ok) throw new CannotRun(...templates.error.map(describeFault));
  return startNotices({
    record: store.notices,
    templates: templates.value,
    settings: { ...notices, publicUrl: access.publicUrl },
    queue,
    now: clock.now,
    wallClock: Date.now,
    newId,
    host: hostname(),
    log,
  });
}
