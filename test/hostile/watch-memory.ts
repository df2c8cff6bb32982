import { readFileSync } from 'node:fs';

const MB = 1024 ** 2;

/** Resident bytes of a process; 0 once it is gone. */
export function residentOf(pid: number): number {
  return read(pid, 'VmRSS');
}

/** The most it ever had. */
export function peakOf(pid: number): number {
  return read(pid, 'VmHWM');
}

function read(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const told = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(told ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Parent of a process; 0 where it is gone. */
export function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

export const megabytes = (bytes: number): number => Math.round(bytes / MB);
