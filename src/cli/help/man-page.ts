import { COMMAND_HELP, type CommandHelp, EXITS, type OptionHelp } from './command-help.ts';

/** The manual page in mdoc, from the same source as `help`. `date` as `January 20, 2016`. */
export function manPage(version: string, date: string): string {
  return [
    `.Dd ${date}`,
    '.Dt HOLDFAST 1',
    `.Os Holdfast ${version}`,
    '.Sh NAME',
    '.Nm holdfast',
    '.Nd screens what leaves an organisation that handles official statistics',
    '.Sh SYNOPSIS',
    '.Nm',
    '.Ar command',
    '.Op Ar argument ...',
    '.Sh DESCRIPTION',
    '.Nm',
    ...roff(
      'opens outgoing e-mail, draft posts and attachments, compares them with registers of embargoed releases and of protected datasets, and holds what must not go. What it could not look at is incomplete and held: never clean. The settings of the services are read from the environment; docs/operating.md lists them.',
    ),
    '.Pp',
    'The commands are:',
    '.Bl -tag -width Ds',
    ...COMMAND_HELP.flatMap(describe),
    '.El',
    '.Sh ENVIRONMENT',
    '.Bl -tag -width Ds',
    '.It Ev HOLDFAST_DATA',
    'Data folder, by default',
    '.Pa ./data .',
    '.It Ev NO_COLOR',
    'Any value turns colour off.',
    '.El',
    '.Sh EXIT STATUS',
    '.Bl -tag -width Ds',
    ...EXITS.flatMap(([status, what]) => [`.It ${status}`, ...roff(`${what}.`)]),
    '.El',
    '.Sh EXAMPLES',
    ...COMMAND_HELP.flatMap(({ examples }) =>
      examples.flatMap(({ line, does }) => [
        ...roff(`${capital(does)}:`),
        '.Bd -literal -offset indent',
        toRoff(line),
        '.Ed',
        '.Pp',
      ]),
    ).slice(0, -1),
    '',
  ].join('\n');
}

function describe({ name, synopsis, summary, options }: CommandHelp): readonly string[] {
  const [first = name] = synopsis;
  return [
    `.It Ic ${toRoff(first)}`,
    ...roff(`${capital(summary)}.`),
    ...(options.length === 0 ? [] : ['.Bl -tag -width Ds', ...options.flatMap(describeOption), '.El']),
  ];
}

function describeOption({ name, value, choices, what }: OptionHelp): readonly string[] {
  const argument = value === undefined ? '' : ` Ar ${toRoff(choices?.join('|') ?? value)}`;
  return [`.It Fl Fl ${name}${argument}`, ...roff(`${capital(what)}.`)];
}

const capital = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** Each sentence on a line of its own, as mdoc wants it. */
function roff(text: string): readonly string[] {
  return text.split(/(?<=[a-z)][.;]) (?=[A-Z])/).map(toRoff);
}

/** A backslash begins an toRoff, a dot or quote at the start of a line a request, and hyphens in commands are to be copied. */
function toRoff(text: string): string {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  return /^['.]/.test(plain) ? `\\&${plain}` : plain;
}
