import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const CONTROL = '/sys/class/zram-control';

/** A block device of its own (zram) with ext4 on it. What it answers to a write is the harness's to say: the data, or EIO. */
export class BlockDevice {
  readonly #number: string;
  readonly #folder: string;

  private constructor(number: string, folder: string) {
    this.#number = number;
    this.#folder = folder;
  }

  /** Null where this kernel has no such devices, or nobody may mount them. */
  static mount(folder: string, size: string): BlockDevice | null {
    try {
      // Asking for a device makes it; so first whether it could be given back.
      accessSync(`${CONTROL}/hot_remove`, constants.W_OK);
      const device = new BlockDevice(readFileSync(`${CONTROL}/hot_add`, 'utf8').trim(), folder);
      device.#set('disksize', size);
      const made = spawnSync('mkfs.ext4', ['-q', '-m', '0', device.#path]).status === 0;
      mkdirSync(folder, { recursive: true });
      if (made && device.#mount()) return device;
      device.#set('reset', '1');
      writeFileSync(`${CONTROL}/hot_remove`, device.#number);
    } catch {
      // There are none here, or they are not ours to make.
    }
    return null;
  }

  /** While broken, each write to it ends with EIO, whoever writes; what it holds already can be read. */
  set isBroken(isSo: boolean) {
    // It may then have no page more than the first: every write needs one.
    this.#set('mem_limit', isSo ? '1' : '0');
  }

  /** Whether the file system gave up when it could not write. */
  get isGivenUp(): boolean {
    const mounted = readFileSync('/proc/mounts', 'utf8').split('\n');
    return /\b(?:ro|emergency_ro|shutdown)\b/.test(mounted.find((line) => line.startsWith(`${this.#path} `)) ?? 'ro');
  }

  /** As whoever keeps the machine would: unmounted, made whole, checked, mounted. Nothing may run on it; what it was not given is gone. */
  async mend(): Promise<void> {
    for (let attempt = 1; spawnSync('umount', [this.#folder]).status !== 0; attempt++) {
      if (attempt === 50) throw new Error(`${this.#folder} is still in use`);
      await sleep(100);
    }
    this.isBroken = false;
    const { status, stdout } = spawnSync('e2fsck', ['-f', '-y', this.#path], { encoding: 'utf8' });
    if ((status ?? 8) > 1) throw new Error(`e2fsck ended with ${status}: ${stdout}`);
    if (!this.#mount()) throw new Error(`${this.#path} cannot be mounted again`);
  }

  remove(): void {
    spawnSync('umount', [this.#folder]);
    try {
      writeFileSync(`${CONTROL}/hot_remove`, this.#number);
    } catch {
      // Something is still on it; the kernel keeps it.
    }
  }

  get #path(): string {
    return `/dev/zram${this.#number}`;
  }

  #mount(): boolean {
    return spawnSync('mount', ['-t', 'ext4', '-o', 'discard', this.#path, this.#folder]).status === 0;
  }

  #set(name: string, value: string): void {
    writeFileSync(`/sys/block/zram${this.#number}/${name}`, value);
  }
}
