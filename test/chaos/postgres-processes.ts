import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The PostgreSQL of a data folder, by its processes and files. */
export class PostgresProcesses {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'postgres');
  }

  get postmaster(): number {
    return Number(readFileSync(join(this.#folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  get log(): string {
    return readFileSync(join(this.#folder, '../postgres.log'), 'utf8');
  }

  /** The postmaster first. */
  get all(): readonly number[] {
    const { postmaster } = this;
    const { stdout } = spawnSync('pgrep', ['-P', String(postmaster)], { encoding: 'utf8' });
    return [
      postmaster,
      ...stdout
        .split('\n')
        .filter((line) => line !== '')
        .map(Number),
    ];
  }

  /** To every process; those that are gone already do not matter. */
  signal(signal: NodeJS.Signals, pids: readonly number[] = this.all): void {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // Gone already.
      }
    }
  }

  /** Longest file that they may write; null: any. */
  limitFiles(bytes: number | null): void {
    for (const pid of this.all) {
      spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes ?? 'unlimited'}:unlimited`]);
    }
  }

  /** Zeroes a WAL segment from an offset on, and every later one. */
  zeroWal(file: string, offset: number): void {
    const folder = join(this.#folder, 'pg_wal');
    for (const name of readdirSync(folder).filter((one) => /^[0-9A-F]{24}$/.test(one) && one >= file)) {
      const from = name === file ? offset : 0;
      const length = statSync(join(folder, name)).size - from;
      const handle = openSync(join(folder, name), 'r+');
      writeSync(handle, Buffer.alloc(length), 0, length, from);
      closeSync(handle);
    }
  }
}
