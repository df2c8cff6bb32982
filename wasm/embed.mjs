// Writes a compiled module as a TypeScript constant: node embed.mjs IN.wasm OUT.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const [, , from = '', to = ''] = process.argv;
const source = basename(from).replace(/\.wasm$/, '.as');
const name = source.slice(0, -3).toUpperCase().replaceAll('-', '_');
const text = readFileSync(from).toString('base64');
const lines = text.match(/.{1,110}/g) ?? [];
writeFileSync(
  to,
  `/** \`wasm/count-cells.as\`, compiled as \`wasm/README.md\` says; do not edit. */\nexport const ${name} = [\n${lines
    .map((line) => `  '${line}',`)
    .join('\n')}\n].join('');\n`,
);
