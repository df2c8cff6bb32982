/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly line: number;
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly base: string;
  readonly as: string | null;
  readonly steps: readonly Instruction[];
}

/** The stages of a Dockerfile; of its syntax, what ours uses: no heredocs, no ONBUILD, no ARG before FROM. */
export function readDockerfile(text: string): readonly Stage[] {
  const stages: { base: string; as: string | null; steps: Instruction[] }[] = [];
  for (const instruction of instructions(text)) {
    if (instruction.name !== 'FROM') {
      const stage = stages.at(-1);
      if (stage === undefined) throw new Error(`line ${instruction.line}: ${instruction.name} before FROM`);
      stage.steps.push(instruction);
      continue;
    }
    const [, base, as] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(instruction.text) ?? [];
    if (base === undefined) throw new Error(`line ${instruction.line}: FROM ${instruction.text}`);
    stages.push({ base, as: as ?? null, steps: [] });
  }
  return stages;
}

function instructions(text: string): readonly Instruction[] {
  const found: Instruction[] = [];
  let begun: { line: number; text: string } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const whole: { line: number; text: string } =
      begun === null ? { line: index + 1, text: line } : { line: begun.line, text: `${begun.text}${line}` };
    if (whole.text.endsWith('\\')) {
      begun = { line: whole.line, text: whole.text.slice(0, -1) };
      continue;
    }
    begun = null;
    const [, name = '', rest = ''] = /^\s*(\S+)\s+(.*)$/.exec(whole.text) ?? [];
    found.push({ line: whole.line, name: name.toUpperCase(), text: rest.trim() });
  }
  return found;
}

/** `["a", "b"]`; null for the shell form. */
export function execForm(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return null;
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) && parsed.every((one) => typeof one === 'string') ? parsed : null;
}

/** `A=1 B=2`. */
export function readEnv(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/([A-Z_][A-Z0-9_]*)=(\S*)/g)].map(([, name, value]) => [name, value]));
}
