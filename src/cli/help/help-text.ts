import { COMMAND_HELP, type CommandHelp, EXITS, type OptionHelp } from './command-help.ts';

/** How text is set off; on anything but a terminal, or where `NO_COLOR` is set, not at all. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
}

const ESC = '\u001b[';
const PLAIN: Style = { bold: (text) => text, dim: (text) => text };
const COLOURED: Style = { bold: (text) => `${ESC}1m${text}${ESC}0m`, dim: (text) => `${ESC}2m${text}${ESC}0m` };

/** <https://no-color.org>: any value but the empty one turns colour off; so does a terminal that has none. */
export function styleFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  return isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb' ? COLOURED : PLAIN;
}

/** Every command in a line, and where to read on. */
export function overviewText({ bold, dim }: Style): string {
  const width = Math.max(...COMMAND_HELP.map(({ name }) => name.length)) + 2;
  const lines = COMMAND_HELP.map(({ name, summary }) => `  ${bold(name.padEnd(width))}${summary}`);
  return [
    `usage: holdfast ${bold('COMMAND')} [arguments]`,
    '',
    ...lines,
    '',
    `${dim('holdfast help COMMAND')} tells of one with its options and examples; ${dim('holdfast --version')} says which this is. In a clone, or where the package lies in node_modules: ${dim('npx holdfast')}.`,
    '',
  ].join('\n');
}

/** A command with its options, examples and exit statuses. */
export function commandText(help: CommandHelp, { bold, dim }: Style): string {
  const options = help.options.map((option) => [shown(option), option.what] as const);
  const width = Math.max(0, ...options.map(([name]) => name.length)) + 2;
  return [
    ...help.synopsis.map((line, index) => `${index === 0 ? 'usage:' : '      '} holdfast ${bold(line)}`),
    '',
    `${help.summary}.`,
    ...(options.length === 0
      ? []
      : ['', bold('options'), ...options.map(([name, what]) => `  ${name.padEnd(width)}${what}`)]),
    '',
    bold('examples'),
    ...help.examples.flatMap(({ line, does }) => [`  ${dim(`# ${does}`)}`, `  ${line}`]),
    '',
    bold('exit status'),
    ...EXITS.map(([status, what]) => `  ${status}  ${what}`),
    '',
  ].join('\n');
}

/** `--format text|json`. */
export function shown({ name, value, choices }: OptionHelp): string {
  return value === undefined ? `--${name}` : `--${name} ${choices?.join('|') ?? value}`;
}
