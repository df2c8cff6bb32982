import { BlockList } from 'node:net';
import { Admission } from './admission.ts';

function anAdmission() {
  let now = 0;
  const admission = new Admission(
    {
      clients: new BlockList(),
      proxies: null,
      takesUsers: true,
      requiresTls: false,
      limits: { connections: 0, messagesPerMinute: 0, recipientsPerMinute: 0 },
    },
    () => now,
  );
  return {
    admission,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('passwords tried on many connections at once count as those tried one after the other', () => {
  const { admission, pass } = anAdmission();
  const tries = Array.from({ length: 200 }, () => admission.signIn('192.0.2.1'));
  expect(tries.every((refusal) => refusal === null)).toBe(true);
  for (const _ of tries) admission.noteFailedSignIn('192.0.2.1');
  pass(10 * 60_000);
  expect(admission.signIn('192.0.2.1')?.responseCode).toBe(454);
  expect(admission.signIn('192.0.2.2')).toBeNull();
  pass(10 * 60_000);
  expect(admission.signIn('192.0.2.1')).toBeNull();
});

test('however many failed, an hour later a client may try again', () => {
  const { admission, pass } = anAdmission();
  for (let count = 0; count < 5000; count += 1) admission.noteFailedSignIn('192.0.2.1');
  pass(59 * 60_000);
  expect(admission.signIn('192.0.2.1')?.responseCode).toBe(454);
  pass(2 * 60_000);
  expect(admission.signIn('192.0.2.1')).toBeNull();
});
