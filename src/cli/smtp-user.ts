import { makeSmtpUser, parseSmtpUsers } from '../gateway/smtp-users.ts';
import { CannotRun, type Command } from './command.ts';
import { usageOf } from './help/command-help.ts';

const SHORTEST = 12;

export const smtpUser: Command = {
  name: 'smtp-user',
  async run(args, io) {
    const [name, senders, ...more] = args;
    if (name === undefined || more.length > 0) throw new CannotRun(usageOf('smtp-user'));
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
