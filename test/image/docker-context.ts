import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';

/** Which files of a folder a builder is given, by its `.dockerignore`: the last line that matches a path or a folder of it decides. */
export function dockerContext(folder: string): {
  readonly has: (path: string) => boolean;
  readonly files: () => readonly string[];
} {
  const ignore = join(folder, '.dockerignore');
  const lines = existsSync(ignore) ? readFileSync(ignore, 'utf8').split('\n') : [];
  const rules = lines.flatMap((line) =>
    /^\s*(?:#|$)/.test(line) ? [] : [{ keeps: line.startsWith('!'), glob: line.replace(/^!/, '').trim() }],
  );
  const isGiven = (path: string) => {
    const steps = path.split('/');
    const heads = steps.map((_, index) => steps.slice(0, index + 1).join('/'));
    const last = rules.findLast(({ glob }) => heads.some((head) => matchesGlob(head, glob)));
    return last === undefined || last.keeps;
  };
  const walk = (path: string): readonly string[] => {
    const full = join(folder, path);
    if (path === 'node_modules' || path === '.git') return [];
    if (!statSync(full).isDirectory()) return isGiven(path) ? [path] : [];
    return readdirSync(full).flatMap((name) => walk(path === '' ? name : `${path}/${name}`));
  };
  return { has: (path) => existsSync(join(folder, path)) && isGiven(path), files: () => walk('') };
}
