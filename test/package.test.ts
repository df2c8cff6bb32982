import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      link: z.boolean().optional(),
    }),
  ),
});
const Manifest = z.object({ license: z.unknown().optional(), licenses: z.unknown().optional() });

/** Licences that ask for no more than notices: what is made of them may be used and sold by anybody. */
const PERMISSIVE =
  /^(?:MIT(?:-0)?|Apache-2\.0|ISC|BSD-[23]-Clause|0BSD|Python-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Zlib|PostgreSQL|WTFPL)$/;
/** Packages whose manifest does not say it in those words, each with what its own licence file says. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  '7z-wasm':
    'GNU LGPL 2.1 with the unRAR restriction, as a program of its own in a WebAssembly file that anybody may replace',
};

function licenceOf(path: string, declared: string | undefined): string {
  const file = join(ROOT, path, 'package.json');
  const own = existsSync(file) ? Manifest.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const text =
    declared ?? (typeof own.license === 'string' ? own.license : JSON.stringify(own.license ?? own.licenses ?? null));
  return text.replaceAll(/[()]/g, '');
}

test('every production dependency has a licence that permits, or that somebody has looked at', () => {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
  const shipped = Object.entries(packages).filter(
    ([path, one]) => path !== '' && one.dev !== true && one.devOptional !== true && one.link !== true,
  );
  expect(shipped.length).toBeGreaterThan(100);
  const wrong = shipped.flatMap(([path, one]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = licenceOf(path, one.license);
    // Of "A OR B" one is enough; of "A AND B" each counts.
    const isFine = licence
      .split(' OR ')
      .some((choice) => choice.split(' AND ').every((part) => PERMISSIVE.test(part.trim())));
    const isHere = existsSync(join(ROOT, path));
    return isFine || name in LOOKED_AT || (!isHere && one.license === undefined) ? [] : [`${name}: ${licence}`];
  });
  expect(wrong).toEqual([]);
});

describe('the packed tarball', () => {
  let files: readonly string[] = [];
  beforeAll(() => {
    const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const Packed = z.array(z.object({ files: z.array(z.object({ path: z.string() })) }));
    files = Packed.parse(JSON.parse(packed.stdout))[0]?.files.map(({ path }) => path) ?? [];
  });

  it.each([
    'package.json',
    'README.md',
    'LICENSE',
    'NOTICE',
    'bin/holdfast.js',
    'rules/policy.yaml',
    'monitoring/alerts.yaml',
    'monitoring/dashboard.json',
    'integrations/scan-changes.sh',
    'client/holdfast-client.ts',
    'docs/operating.md',
    'docs/runbook.md',
    'docs/check-a-draft.png',
  ])('has %s', (path) => {
    expect(files).toContain(path);
  });

  it('has neither sources nor tests, keys or data, and nothing that builds or configures the project', () => {
    const odd = files.filter((path) =>
      /^(?:src|test|bench|data|coverage)\/|\.test\.[jt]s|keys\.json|(?:^|\/)first-start(?:\.json|\.txt)?$|tsconfig|biome|jest\.config|(?:^|\/)\.env|package-lock/.test(
        path,
      ),
    );
    expect(odd).toEqual([]);
  });
});
