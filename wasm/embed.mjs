// Writes a compiled module as a TypeScript constant: node embed.mjs IN.wasm OUT.ts
import { readFileSync, writeFileSync } from 'node:fs';

const [, , from = '', to = ''] = process.argv;
const text = readFileSync(from).toString('base64');
const lines = text.match(/.{1,110}/g) ?? [];
writeFileSync(
  to,
  `/** \`wasm/count-cells.as\`, compiled as \`wasm/README.md\` says; do not edit. */\nexport const COUNT_CELLS = [\n${lines
    .map((line) => `  '${line}',`)
    .join('\n')}\n].join('');\n`,
);
