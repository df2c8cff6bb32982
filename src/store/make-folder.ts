import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing; one that is there is left as it is.
 *
 * Not Node's own recursive way: below a folder that answers ENOENT to everything, as `/proc` does, that one never returns.
 *
 * @throws the system's error where one cannot be made.
 */
export function makeFolder(path: string, mode?: number): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) {
    missing.push(at);
    if (dirname(at) === at) break;
  }
  for (const one of missing.reverse()) {
    try {
      mkdirSync(one, mode === undefined ? {} : { mode });
    } catch (error) {
      // Another process may have been first.
      if (!existsSync(one)) throw error;
    }
  }
  // A file where a folder should be: the error that making it in one step would give.
  if (!statSync(path).isDirectory()) mkdirSync(path);
}
