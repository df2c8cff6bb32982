import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Service } from '../src/service/service.ts';
import { API_VERSION, apiRoutes } from '../src/web/api/mount-api.ts';
import { openApiDocument } from '../src/web/api/openapi.ts';
import { clientSource } from './client-source.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = fileURLToPath(new URL('./holdfast-client.ts', import.meta.url));

/** The client of the API as it is now, formatted as everything here is. */
export function generateClient(): string {
  // Routes are described, never called.
  const document = openApiDocument(apiRoutes({ service: {} as Service }), API_VERSION);
  const biome = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));
  const formatted = spawnSync(process.execPath, [biome, 'format', '--stdin-file-path=client/holdfast-client.ts'], {
    cwd: ROOT,
    input: clientSource(document),
    encoding: 'utf8',
  });
  if (formatted.status !== 0) throw new Error(`the client cannot be formatted: ${formatted.stderr}`);
  return formatted.stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, generateClient());
