import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from './command.ts';
import { placed, withSettingsFile } from './config-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-settings-'));
  file = join(folder, 'holdfast.env');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lines(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof CannotRun) return error.lines.map((line) => line.replaceAll(file, 'FILE'));
    throw error;
  }
  return [];
}

it('adds the settings of a file to those of the environment, which go first', () => {
  writeFileSync(file, "# a comment\n\nHOLDFAST_HTTP=127.0.0.1:1\nHOLDFAST_LOG='info'\r\n");
  const { env } = withSettingsFile({ HOLDFAST_CONFIG: file, HOLDFAST_HTTP: '127.0.0.1:2' });
  expect(env).toEqual({ HOLDFAST_HTTP: '127.0.0.1:2', HOLDFAST_LOG: 'info' });
});

it('leaves the environment alone where no file is named', () => {
  expect(withSettingsFile({ HOLDFAST_LOG: 'info' }).env).toEqual({ HOLDFAST_LOG: 'info' });
});

it('tells at which line of the file a wrong setting stands', () => {
  writeFileSync(file, '\nHOLDFAST_HTTP=nonsense\n');
  const { places } = withSettingsFile({ HOLDFAST_CONFIG: file });
  expect(placed('HOLDFAST_HTTP: is not host:port', places)).toBe(`${file}:2: HOLDFAST_HTTP: is not host:port`);
  expect(placed('HOLDFAST_SMTP: is not host:port', places)).toBe('HOLDFAST_SMTP: is not host:port');
});

it.each([
  ['no setting', 'HOLDFAST_KEK is-a-secret\n', 'FILE:1: is no setting, write NAME=value'],
  ['a setting twice', 'HOLDFAST_LOG=info\nHOLDFAST_LOG=warn\n', 'FILE:2: HOLDFAST_LOG: stands twice, remove one'],
])('refuses a file with %s in one line that repeats no value', (_what, content, line) => {
  writeFileSync(file, content);
  expect(lines(() => withSettingsFile({ HOLDFAST_CONFIG: file }))).toEqual([line]);
});

it('says where the file is not there', () => {
  expect(lines(() => withSettingsFile({ HOLDFAST_CONFIG: file }))).toEqual([
    'HOLDFAST_CONFIG FILE: cannot be read (ENOENT), let the user that runs holdfast read it, or unset HOLDFAST_CONFIG',
  ]);
});
