import { readFileSync } from 'node:fs';

import { errorCode } from '../store/error-code.ts';
import { CannotRun } from './command.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of a file below those of the environment, and where in the file each stands. */
export interface SettingsFile {
  readonly env: Environment;
  /** `FILE:LINE` by name, of what the environment does not set itself. */
  readonly places: ReadonlyMap<string, string>;
}

/**
 * The environment with what the file that `HOLDFAST_CONFIG` names adds to it.
 *
 * Lines are `NAME=value`; `#` begins a comment line; a value in quotes is taken without them.
 *
 * @throws CannotRun with one line for each that is none of these.
 */
export function withSettingsFile(env: Environment): SettingsFile {
  const { HOLDFAST_CONFIG: file, ...rest } = env;
  return file === undefined || file === '' ? { env: rest, places: new Map() } : readSettingsFile(file, rest);
}

/** The same for a file by its name. @throws CannotRun */
export function readSettingsFile(file: string, env: Environment): SettingsFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CannotRun(
      `HOLDFAST_CONFIG ${file}: cannot be read (${errorCode(error)}), let the user that runs holdfast read it, or unset HOLDFAST_CONFIG`,
    );
  }
  const found: Record<string, string> = {};
  const places = new Map<string, string>();
  const faults: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const place = `${file}:${index + 1}`;
    const [, name, value] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    // What stands there may be a secret: it is not repeated.
    if (name === undefined || value === undefined) faults.push(`${place}: is no setting, write NAME=value`);
    else if (Object.hasOwn(found, name)) faults.push(`${place}: ${name}: stands twice, remove one`);
    else {
      found[name] = /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
      if (env[name] === undefined) places.set(name, place);
    }
  }
  if (faults.length > 0) throw new CannotRun(...faults);
  return { env: { ...found, ...env }, places };
}

/** A line about a setting, with the place where it stands in front of it. */
export function placed(line: string, places: SettingsFile['places']): string {
  const name = /^[A-Z][A-Z0-9_]+(?=[:, ])/.exec(line)?.[0];
  const place = name === undefined ? undefined : places.get(name);
  return place === undefined ? line : `${place}: ${line}`;
}
