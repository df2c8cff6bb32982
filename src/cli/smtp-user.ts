import { makeSmtpUser, parseSmtpUsers } from '../gateway/smtp-users.ts';
import { CannotRun, type Command } from './command.ts';

const USAGE = 'smtp-user NAME [SENDER,...]';
const SHORTEST = 12;

export const smtpUser: Command = {
  name: 'smtp-user',
  usage: USAGE,
  summary:
    'Prints a line for the file of HOLDFAST_SMTP_USERS, from a password on standard input; senders limit whom the user may send as.',
  async run(args, io) {
    const [name, senders, ...more] = args;
    if (name === undefined || more.length > 0) throw new CannotRun(`usage: holdfast ${USAGE} < PASSWORD`);
    const password = Buffer.from(await io.stdin())
      .toString('utf8')
      .replace(/\r?\n$/, '');
    if (password.length < SHORTEST) {
      throw new CannotRun(`the password on standard input is too short, at least ${SHORTEST} characters`);
    }
    const line = await makeSmtpUser(name, password, senders ?? null);
    const reading = parseSmtpUsers(line);
    if (!reading.ok) throw new CannotRun(`${name}: ${reading.fault}`);
    io.out(`${line}\n`);
    return 0;
  },
};
