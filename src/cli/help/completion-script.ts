import { COMMAND_HELP, type CommandHelp, type OptionHelp } from './command-help.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A script that completes commands, their first words, options, choices and files in a shell. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash();
    case 'zsh':
      return zsh();
    case 'fish':
      return fish();
  }
}

const names = COMMAND_HELP.map(({ name }) => name);
const takesFile = ({ value }: OptionHelp) => ['DIR', 'FILE', 'SKETCH'].includes(value ?? '');

function bash(): string {
  const cases = COMMAND_HELP.map((help) => {
    const { name, words = [], options } = help;
    const values = options
      .filter(({ value }) => value !== undefined)
      .map((option) => {
        const choices = option.choices?.join(' ');
        const reply =
          choices === undefined ? (takesFile(option) ? '_holdfast_files' : ':') : `_holdfast_words '${choices}'`;
        return `        --${option.name}) ${reply}; return ;;`;
      });
    return [
      `    ${name})`,
      ...(values.length === 0 ? [] : [`      case "$previous" in`, ...values, '      esac']),
      `      if [[ $current == -* ]]; then _holdfast_words '${[...options.map((one) => `--${one.name}`), '--help'].join(' ')}'; return; fi`,
      ...(words.length === 0
        ? []
        : [`      if (( COMP_CWORD == 2 )); then _holdfast_words '${words.join(' ')}'; return; fi`]),
      ...(help.operands === 'none' ? [] : ['      _holdfast_files']),
      '      ;;',
    ].join('\n');
  });
  return `# bash completion for holdfast: source <(holdfast completion bash)
_holdfast_words() { COMPREPLY=($(compgen -W "$1" -- "$current")); }
_holdfast_files() { compopt -o filenames 2>/dev/null; local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); }
_holdfast() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then _holdfast_words '${[...names, 'help', '--version'].join(' ')}'; return; fi
  case "\${COMP_WORDS[1]}" in
    help) _holdfast_words '${names.join(' ')}' ;;
${cases.join('\n')}
  esac
}
complete -F _holdfast holdfast
`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
/** Colons and brackets mean something in a zsh specification. */
const forZsh = (text: string) => text.replaceAll(/[[\]:]/g, (sign) => `\\${sign}`);

function zsh(): string {
  const cases = COMMAND_HELP.map(({ name, words, options, operands }) => {
    const specs = options.map((option) => {
      const { value, choices, what } = option;
      const action = choices === undefined ? (takesFile(option) ? '_files' : ' ') : `(${choices.join(' ')})`;
      const repeat = option.name === 'to' ? '*' : '';
      return quoted(`${repeat}--${option.name}[${forZsh(what)}]${value === undefined ? '' : `:${value}:${action}`}`);
    });
    const first = words === undefined ? [] : [quoted(`1:word:(${words.join(' ')})`)];
    const rest = operands === 'none' ? [] : [quoted('*:file:_files')];
    return `    ${name}) _arguments ${[...specs, ...first, ...rest, quoted('--help[tells of the command]')].join(' ')} ;;`;
  });
  const described = COMMAND_HELP.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  return `#compdef holdfast
# zsh completion for holdfast: holdfast completion zsh > "\${fpath[1]}/_holdfast"
_holdfast() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=\${words[2]}
  shift words; (( CURRENT-- ))
  case $command in
    help) _describe command commands ;;
${cases.join('\n')}
  esac
}
(( $+functions[compdef] )) && compdef _holdfast holdfast
`;
}

function fish(): string {
  const after = (name: string) => `'__fish_seen_subcommand_from ${name}'`;
  const lines = COMMAND_HELP.flatMap((help: CommandHelp) => {
    const { name, summary, words = [], options, operands } = help;
    return [
      `complete -c holdfast -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...words.map((word) => `complete -c holdfast -n ${after(name)} -a ${word}`),
      ...(operands === 'none' ? [] : [`complete -c holdfast -n ${after(name)} -F`]),
      ...options.map((option) => {
        const { value, choices, what } = option;
        const argument =
          value === undefined
            ? ''
            : choices === undefined
              ? takesFile(option)
                ? ' -r -F'
                : ' -x'
              : ` -x -a ${quoted(choices.join(' '))}`;
        return `complete -c holdfast -n ${after(name)} -l ${option.name}${argument} -d ${quoted(what)}`;
      }),
    ];
  });
  return `# fish completion for holdfast: holdfast completion fish > ~/.config/fish/completions/holdfast.fish
complete -c holdfast -f
complete -c holdfast -n __fish_use_subcommand -a help -d 'tells of a command'
complete -c holdfast -n '__fish_seen_subcommand_from help' -a ${quoted(names.join(' '))}
${lines.join('\n')}
`;
}
