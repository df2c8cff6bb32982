import { ProgressBar } from './progress-bar.ts';

function aBar(isTerminal: boolean) {
  let now = 0;
  const written: string[] = [];
  const bar = new ProgressBar('reading rows', { write: (text) => written.push(text), isTerminal, now: () => now });
  return {
    bar,
    written,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the progress bar', () => {
  it('shows the share done and the time left', () => {
    const { bar, written, pass } = aBar(true);
    pass(10_000);
    bar.show(25, 100);
    expect(written.at(-1)).toContain('25% 30 s left');
  });

  it('is redrawn five times a second at most, and cleared', () => {
    const { bar, written, pass } = aBar(true);
    for (let at = 0; at < 100; at += 1) {
      pass(10);
      bar.show(at, 100);
    }
    expect(written.length).toBeLessThanOrEqual(6);
    bar.clear();
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  it('is silent where nobody watches', () => {
    const { bar, written } = aBar(false);
    bar.show(1, 2);
    bar.clear();
    expect(written).toEqual([]);
  });
});
