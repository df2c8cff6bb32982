import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const PAGE = 4096;

/** Resident memory of a process in bytes; null where the system does not say. */
export async function residentMemory(pid: number): Promise<number | null> {
  if (process.platform === 'linux') {
    const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
    const pages = Number(statm.split(' ')[1]);
    return Number.isFinite(pages) && pages > 0 ? pages * PAGE : null;
  }
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], (error, stdout) => {
      const kilobytes = Number(stdout.trim());
      resolve(error !== null || !Number.isFinite(kilobytes) || kilobytes === 0 ? null : kilobytes * 1024);
    });
  });
}
