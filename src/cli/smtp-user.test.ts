import { parseSmtpUsers } from '../gateway/smtp-users.ts';
import { CannotRun, type CommandIo } from './command.ts';
import { smtpUser } from './smtp-user.ts';

async function run(password: string, ...args: readonly string[]): Promise<string> {
  const out: string[] = [];
  const io: CommandIo = {
    out: (text) => out.push(text),
    err: () => {},
    stdin: async () => Buffer.from(password),
    isTerminal: false,
    now: () => 0,
    env: {},
  };
  await smtpUser.run(args, io);
  return out.join('');
}

test('prints a line that the gateway takes, without the password', async () => {
  const line = await run('correct horse battery\n', 'forms', 'forms@department.example,*@forms.example');
  expect(line).not.toContain('correct');
  expect(line.endsWith('\n')).toBe(true);
  const reading = parseSmtpUsers(line);
  expect(reading.ok ? reading.value.get('forms')?.senders : reading).toEqual([
    'forms@department.example',
    '*@forms.example',
  ]);
});

test.each([
  ['no name', 'correct horse battery', []],
  ['a short password', 'secret', ['forms']],
  ['a name with a colon', 'correct horse battery', ['a:b']],
  ['a sender that is none', 'correct horse battery', ['forms', 'everybody']],
])('refuses %s in one line', async (_, password, args) => {
  const fault = await run(password, ...args).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(CannotRun);
  expect(fault instanceof CannotRun ? fault.lines : []).toHaveLength(1);
});
