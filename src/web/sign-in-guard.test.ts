import { createSignInGuard, signInKeys } from './sign-in-guard.ts';

describe('wrong passwords', () => {
  let now = 0;
  const guard = () => createSignInGuard({ signInFailures: 3, signInPauseMs: 60_000 }, () => now);
  const fail = (over: ReturnType<typeof guard>, times: number, keys: (index: number) => readonly string[]) => {
    for (let index = 0; index < times; index += 1) over.failed(keys(index));
  };
  beforeEach(() => {
    now = 0;
  });

  it('for one name from one address pause it, and nobody else', () => {
    const over = guard();
    fail(over, 3, () => signInKeys('admin', '1'));
    expect(over.pauseFor(signInKeys('admin', '1'))).toBe(60);
    expect(over.pauseFor(signInKeys('admin', '2'))).toBeNull();
    expect(over.pauseFor(signInKeys('other', '1'))).toBeNull();
  });

  it('for one name from many addresses pause the name everywhere', () => {
    const over = guard();
    fail(over, 15, (index) => signInKeys('admin', `host ${index}`));
    expect(over.pauseFor(signInKeys('admin', 'another'))).toBe(60);
    expect(over.pauseFor(signInKeys('other', 'another'))).toBeNull();
  });

  it('for many names from one address pause the address', () => {
    const over = guard();
    fail(over, 15, (index) => signInKeys(`name ${index}`, '1'));
    expect(over.pauseFor(signInKeys('another', '1'))).toBe(60);
    expect(over.pauseFor(signInKeys('another', '2'))).toBeNull();
  });

  it('are forgotten after the pause, and by the right password', () => {
    const over = guard();
    fail(over, 3, () => signInKeys('admin', '1'));
    now = 60_001;
    expect(over.pauseFor(signInKeys('admin', '1'))).toBeNull();
    fail(over, 2, () => signInKeys('admin', '1'));
    over.succeeded(signInKeys('admin', '1'));
    fail(over, 2, () => signInKeys('admin', '1'));
    expect(over.pauseFor(signInKeys('admin', '1'))).toBeNull();
  });
});
