/** One option of a command. */
export interface OptionHelp {
  readonly name: string;
  /** What stands for its value; absent: it has none. */
  readonly value?: string;
  /** The values there are. */
  readonly choices?: readonly string[];
  readonly what: string;
}

/** What a command is told of by `help`, the man page and the completion of shells: one source for the three. */
export interface CommandHelp {
  readonly name: string;
  /** Without the program's name: `scan PATH... [options]`. */
  readonly synopsis: readonly string[];
  /** One sentence, without its full stop. */
  readonly summary: string;
  /** Words that may come first, where it has kinds. */
  readonly words?: readonly string[];
  /** What its other arguments are. */
  readonly operands: 'files' | 'folders' | 'none';
  readonly options: readonly OptionHelp[];
  readonly examples: readonly { readonly line: string; readonly does: string }[];
}

/** What an exit status means, for every command. */
export const EXITS: readonly (readonly [number, string])[] = [
  [0, 'done, and nothing is held'],
  [1, 'scan: something is held; doctor, audit, replay, rules test: something is not as it must be'],
  [2, 'it could not run: one line a fault on standard error, with what to do'],
];

const registers: OptionHelp = {
  name: 'registers',
  value: 'DIR',
  what: 'register folder to judge by; by default registers in the data folder (a server keeps its own in the database: registers export)',
};
const rules: OptionHelp = { name: 'rules', value: 'DIR', what: 'another rule folder than the one that ships' };
const at: OptionHelp = {
  name: 'at',
  value: 'INSTANT',
  what: 'the moment to judge for, ISO 8601 with its offset, as 2016-01-20T09:22:00Z; by default now',
};

export const COMMAND_HELP: readonly CommandHelp[] = [
  {
    name: 'scan',
    synopsis: ['scan PATH... [options]'],
    summary: 'judges files as the gateway would, without a server; - reads a draft from standard input',
    operands: 'files',
    options: [
      registers,
      rules,
      at,
      { name: 'publish-at', value: 'INSTANT', what: 'when it becomes visible, where that is later' },
      { name: 'from', value: 'ADDR', what: 'envelope sender, in place of the headers' },
      { name: 'to', value: 'ADDR', what: 'envelope recipient, in place of the headers; may be repeated' },
      {
        name: 'kind',
        value: 'KIND',
        choices: ['email', 'draft', 'file'],
        what: 'by default .eml is an e-mail, .txt, .md and - are drafts, and anything else a file',
      },
      {
        name: 'view',
        value: 'VIEW',
        choices: ['reviewer', 'sender'],
        what: 'what a reviewer sees, or what a sender is told; by default reviewer',
      },
      {
        name: 'format',
        value: 'FORMAT',
        choices: ['text', 'json', 'sarif'],
        what: 'text for people (the default on a terminal), json (one object a line), or sarif (2.1.0, one document) for code hosts',
      },
      { name: 'recursive', what: 'judges every file within folders' },
    ],
    examples: [
      {
        line: "echo 'Record employment!' | holdfast scan - --registers fixtures/registers --at 2016-01-20T09:15Z",
        does: 'judges a post eight minutes before its release',
      },
      {
        line: 'holdfast scan mail.eml --from press@department.example --to desk@paper.example',
        does: 'judges a mail as if these were its envelope',
      },
      {
        line: 'holdfast scan --recursive site/ --publish-at 2016-01-20T09:30Z --format sarif > holdfast.sarif',
        does: 'judges a site that goes live at a planned time, for a code host to show',
      },
    ],
  },
  {
    name: 'open',
    synopsis: ['open PATH... [--text] [--format text|json]'],
    summary: 'shows what the scanner sees: one line for each part of a file',
    operands: 'files',
    options: [
      { name: 'text', what: 'adds the cells of tables' },
      {
        name: 'format',
        value: 'FORMAT',
        choices: ['text', 'json'],
        what: 'a tree for people (the default on a terminal), or json, one object a line',
      },
    ],
    examples: [{ line: 'holdfast open report.zip', does: 'lists what is in an archive, hidden sheets included' }],
  },
  {
    name: 'registers',
    synopsis: ['registers check|import|export|seal DIR [options]'],
    summary: 'checks a register folder, loads it into the store, writes it out, or seals its figures in place',
    words: ['check', 'import', 'export', 'seal'],
    operands: 'folders',
    options: [
      rules,
      at,
      { name: 'prune', what: 'import: removes from the store what the folder does not have' },
      { name: 'yes', what: 'import: prunes without asking' },
    ],
    examples: [
      { line: 'holdfast registers check registers/', does: 'names every mistake with file, line and key' },
      {
        line: 'holdfast registers import registers/',
        does: 'loads the entries; a running server judges by them within 5 s',
      },
    ],
  },
  {
    name: 'serve',
    synopsis: ['serve'],
    summary:
      'runs everything in one process tree: web, API, SMTP gateway, workers, and PostgreSQL unless DATABASE_URL is set',
    operands: 'none',
    options: [],
    examples: [
      { line: 'HOLDFAST_NEXT_HOP=127.0.0.1:10026 holdfast serve', does: 'screens mail and hands on what may go' },
    ],
  },
  {
    name: 'worker',
    synopsis: ['worker'],
    summary: 'judges and delivers what is queued, beside a server or on a machine of its own',
    operands: 'none',
    options: [],
    examples: [{ line: 'DATABASE_URL=postgres://db.example/holdfast holdfast worker', does: 'adds a machine' }],
  },
  {
    name: 'smtp-user',
    synopsis: ['smtp-user NAME [SENDER,...] < PASSWORD'],
    summary: 'prints a line for the file of HOLDFAST_SMTP_USERS, from a password on standard input',
    operands: 'none',
    options: [],
    examples: [
      {
        line: 'holdfast smtp-user press press@department.example < password',
        does: 'lets a program send as one address',
      },
    ],
  },
  {
    name: 'fingerprint',
    synopsis: ['fingerprint FILE --out SKETCH [--without FILE]'],
    summary: 'makes a keyed sketch of a dataset or document, by which parts of it are recognised',
    operands: 'files',
    options: [
      { name: 'out', value: 'SKETCH', what: 'file that the sketch is written to' },
      { name: 'without', value: 'FILE', what: 'what is in this file too is public, and left out of the sketch' },
    ],
    examples: [{ line: 'holdfast fingerprint lettings.csv --out lettings.sketch', does: 'sketches a dataset' }],
  },
  {
    name: 'doctor',
    synopsis: ['doctor [--format text|json] [--least-free MB]'],
    summary: 'checks what Holdfast needs to run, and says what to do about what is wrong',
    operands: 'none',
    options: [
      { name: 'format', value: 'FORMAT', choices: ['text', 'json'], what: 'text, or json' },
      { name: 'least-free', value: 'MB', what: 'free disk space, in megabytes, below which something is wrong' },
    ],
    examples: [{ line: 'holdfast doctor', does: 'is the first thing to run when something is odd' }],
  },
  {
    name: 'backup',
    synopsis: ['backup FILE [--with-keys]'],
    summary: 'writes the whole store to a file, as it is at one instant, while everything runs',
    operands: 'files',
    options: [{ name: 'with-keys', what: 'puts the key file in it: whoever has the backup can read everything' }],
    examples: [{ line: 'holdfast backup /var/backups/holdfast.backup', does: 'backs up the store, without its keys' }],
  },
  {
    name: 'restore',
    synopsis: ['restore FILE [--without-keys]'],
    summary: 'loads a backup into an empty store, and says whether the keys that are here open it',
    operands: 'files',
    options: [{ name: 'without-keys', what: 'goes on though there is no key file: held mail cannot be opened' }],
    examples: [{ line: 'holdfast restore /var/backups/holdfast.backup', does: 'puts a backup back' }],
  },
  {
    name: 'keys',
    synopsis: ['keys rotate|retire KEY|status|wrap|unwrap|add|reseal'],
    summary: 'shows, changes and retires the keys that seal figures and content, and wraps the key file',
    words: ['status', 'rotate', 'retire', 'wrap', 'unwrap', 'add', 'reseal'],
    operands: 'none',
    options: [],
    examples: [{ line: 'holdfast keys status', does: 'says which keys there are and what needs them' }],
  },
  {
    name: 'config',
    synopsis: ['config check [FILE]'],
    summary:
      'checks the settings of the environment, and of a file below them, and prints those in force without secrets',
    words: ['check'],
    operands: 'files',
    options: [],
    examples: [{ line: 'holdfast config check', does: 'names every setting that is wrong' }],
  },
  {
    name: 'audit',
    synopsis: ['audit verify'],
    summary: 'checks the chain of the audit log',
    words: ['verify'],
    operands: 'none',
    options: [],
    examples: [{ line: 'holdfast audit verify', does: 'names the first row that was changed or removed' }],
  },
  {
    name: 'rules',
    synopsis: ['rules test [DIR] [--quick] [--strict]'],
    summary: "runs every rule's own examples",
    words: ['test'],
    operands: 'folders',
    options: [
      { name: 'quick', what: 'without the conditions that no example guards' },
      { name: 'strict', what: 'a condition that no near-miss guards is a fault' },
    ],
    examples: [{ line: 'holdfast rules test my-rules/', does: 'proves a rule folder before it is used' }],
  },
  {
    name: 'evaluate',
    synopsis: ['evaluate FILE.jsonl [--rules DIR] [--at INSTANT] [--format text|json]'],
    summary: 'judges a set of labelled sentences, and prints recall and false holds',
    operands: 'files',
    options: [rules, at, { name: 'format', value: 'FORMAT', choices: ['text', 'json'], what: 'text, or json' }],
    examples: [{ line: 'holdfast evaluate sentences.jsonl', does: 'measures the rules on sentences of your own' }],
  },
  {
    name: 'replay',
    synopsis: ['replay'],
    summary: 'plays the two breaches that Holdfast exists to stop against a fresh server, and tells the story',
    operands: 'none',
    options: [],
    examples: [{ line: 'holdfast replay', does: 'shows in half a minute what it does' }],
  },
  {
    name: 'completion',
    synopsis: ['completion bash|zsh|fish'],
    summary: 'prints a completion script for a shell',
    words: ['bash', 'zsh', 'fish'],
    operands: 'none',
    options: [],
    examples: [{ line: 'source <(holdfast completion bash)', does: 'completes in this shell from now on' }],
  },
  {
    name: 'man',
    synopsis: ['man'],
    summary: 'prints the manual page',
    operands: 'none',
    options: [],
    examples: [{ line: 'holdfast man | man -l -', does: 'reads it' }],
  },
];

/** How a command is called, for whoever called it otherwise. */
export function usageOf(name: string): string {
  const help = COMMAND_HELP.find((one) => one.name === name);
  return `usage: holdfast ${help?.synopsis.join(' or ') ?? name}`;
}
