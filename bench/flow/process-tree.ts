import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessUse {
  readonly role: string;
  readonly pid: number;
  /** Milliseconds of CPU, with those of children that have ended. */
  readonly cpu: number;
  readonly rssMb: number;
}

const TICK_MS = 10;

/** What every process below this one uses, Linux alone. */
export function processTree(root = process.pid): readonly ProcessUse[] {
  const all = readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : '';
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return stat === '' ? [] : [{ pid: Number(name), parent: Number(fields[1]), fields }];
  });
  const mine = new Set([root]);
  for (let size = 0; size !== mine.size; ) {
    size = mine.size;
    for (const { pid, parent } of all) if (mine.has(parent)) mine.add(pid);
  }
  mine.delete(root);
  return all
    .filter(({ pid }) => mine.has(pid))
    .flatMap(({ pid, fields }) => {
      const role = roleOf(read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '));
      const cpu = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field] ?? 0), 0) * TICK_MS;
      const rss = Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
      return role === null ? [] : [{ role, pid, cpu, rssMb: Math.round(rss / 1024) }];
    });
}

/** Milliseconds of CPU by role. */
export function cpuByRole(uses: readonly ProcessUse[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { role, cpu } of uses) sums.set(role, (sums.get(role) ?? 0) + cpu);
  return sums;
}

function roleOf(command: string): string | null {
  if (command.includes('main.ts serve') || command.includes('main.js serve')) return 'serve';
  if (command.includes('main.ts worker') || command.includes('main.js worker')) return 'worker';
  if (command.includes('opener-child')) return 'opener';
  if (command.startsWith('postgres') || /\/postgres /.test(command)) return 'postgres';
  if (command.includes('redis-server')) return 'redis';
  return command.includes('smtp-source') || command.includes('smtp-sink') ? 'load' : null;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
