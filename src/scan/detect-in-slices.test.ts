import type { Finding } from '../core/finding.ts';
import type { OpenedMessage } from '../core/part.ts';
import type { DetectContext, Detector } from '../detect/detector.ts';
import { detectInSlices } from './detect-in-slices.ts';

const context = {} as DetectContext;
const message = (text: string): OpenedMessage => ({
  headers: null,
  parts: [
    { path: 'subject', type: 'text/plain', bytes: 6, content: { kind: 'text', role: 'subject', text: 'secret' } },
    { path: 'a.txt', type: 'text/plain', bytes: text.length, content: { kind: 'text', role: 'document', text } },
  ],
});

/** Finds a word wherever it stands, and tells of every length of text that it was given. */
function finder(word: string, lengths: number[] = []): Detector {
  return {
    name: 'direction',
    detect: ({ parts }) =>
      parts.flatMap(({ path, content }) => {
        if (!('text' in content)) return [];
        lengths.push(content.text.length);
        return [...content.text.matchAll(new RegExp(word, 'g'))].map(
          ({ index }): Finding => ({
            detector: 'direction',
            rule: 'word',
            entry: null,
            path,
            span: { start: index, end: index + word.length },
            severity: 'high',
            summary: 'The word.',
            weight: 'notable',
          }),
        );
      }),
  };
}

describe('detecting in long texts', () => {
  const filler = 'nothing to see in this line\n'.repeat(20_000);

  it('finds each word once and says where it stands in the whole text', async () => {
    const text = `secret\n${filler}secret\n${filler}the secret\n`;
    const lengths: number[] = [];
    const { findings } = await detectInSlices(message(text), [finder('secret', lengths)], context);
    expect(findings.map(({ path, span }) => [path, text.slice(span?.start, span?.end)])).toEqual([
      ['subject', 'secret'],
      ['a.txt', 'secret'],
      ['a.txt', 'secret'],
      ['a.txt', 'secret'],
    ]);
    expect(Math.max(...lengths)).toBeLessThan(200_000);
  });

  it('counts the recipients of a long mail once, not once a slice', async () => {
    let counted = 0;
    const counter: Detector = {
      name: 'recipients',
      detect: ({ headers }) => {
        counted += headers === null ? 0 : 1;
        return [];
      },
    };
    const headers = { from: ['a@department.example'], to: ['b@network.example'], cc: [] };
    await detectInSlices({ ...message(filler), headers } as unknown as OpenedMessage, [counter], context);
    expect(counted).toBe(1);
  });

  it.each([0, 1, 2])(
    'finds what stands across the end of slice %i, and what stands before and behind it once',
    async (slices) => {
      const text = `${filler.slice(0, slices * 120_000)}${'x '.repeat(60_000)}left two\nlines right ${'y '.repeat(60_000)}`;
      for (const word of ['two\nlines', 'left', 'right']) {
        const { findings } = await detectInSlices(message(text), [finder(word)], context);
        expect(findings.map(({ span }) => text.slice(span?.start, span?.end))).toEqual([word]);
      }
    },
  );

  it('reads a text without any line end or blank', async () => {
    const { findings } = await detectInSlices(message(`${'x'.repeat(300_000)}y`), [finder('y')], context);
    expect(findings).toHaveLength(1);
  });

  it('lets others have their turn between slices', async () => {
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    let clock = 0;
    await detectInSlices(message(filler.repeat(4)), [finder('secret')], context, { now: () => (clock += 15) });
    isOver = true;
    expect(turns).toBeGreaterThan(2);
  });

  it.each([
    ['many attachments that are just short enough', 60, 127 * 1024],
    ['thousands of small ones', 6000, 1024],
  ])('lets others have their turn between %s, by time', async (_, count, length) => {
    let clock = 0;
    let most = 0;
    let atTurn = 0;
    let isOver = false;
    const turn = (): void => {
      most = Math.max(most, clock - atTurn);
      atTurn = clock;
      if (!isOver) setImmediate(turn);
    };
    const text = filler.slice(0, length);
    const slow: Detector = {
      name: 'direction',
      detect: ({ parts }) => {
        for (const { content } of parts) if ('text' in content) clock += content.text.length / 1024;
        return [];
      },
    };
    const parts = Array.from({ length: count }, (_, at) => ({
      ...message(text).parts[1],
      path: `${at}.txt`,
    })) as unknown as OpenedMessage['parts'];
    setImmediate(turn);
    await detectInSlices({ headers: null, parts }, [slow], context, { now: () => clock });
    isOver = true;
    expect(clock).toBeGreaterThan(count * (length / 1024 - 1));
    expect(most).toBeLessThan(2 * 127 + 64);
  });

  it('gives one of many long messages a turn at a time, and then everybody else', async () => {
    let clock = 0;
    let most = 0;
    let atTurn = 0;
    let isOver = false;
    const turn = (): void => {
      most = Math.max(most, clock - atTurn);
      atTurn = clock;
      if (!isOver) setImmediate(turn);
    };
    const slow: Detector = {
      name: 'direction',
      detect: () => {
        clock += 20;
        return [];
      },
    };
    const options = { now: () => clock };
    const judged = Array.from({ length: 24 }, () =>
      detectInSlices(message(filler.slice(0, 400_000)), [slow], context, options),
    );
    atTurn = clock;
    setImmediate(turn);
    await Promise.all(judged);
    isOver = true;
    expect(clock).toBeGreaterThan(24 * 3 * 20);
    expect(most).toBeLessThan(3 * 20);
  });

  it('says of whole attachments that there was no time for them', async () => {
    let clock = 0;
    const now = () => (clock += 10);
    const [, part] = message(filler.slice(0, 60_000)).parts;
    const parts = ['a.txt', 'b.txt', 'c.txt'].map((path) => ({ ...part, path })) as unknown as OpenedMessage['parts'];
    const mostTime = 45;
    const { opened } = await detectInSlices({ headers: null, parts }, [finder('x')], context, { now, mostTime });
    expect(opened.parts.map(({ path, content }) => [path, content.kind])).toEqual([
      ['a.txt', 'text'],
      ['b.txt', 'text'],
      ['c.txt', 'text'],
      ['b.txt › unread', 'incomplete'],
      ['c.txt › unread', 'incomplete'],
    ]);
  });

  it('says of what it has no time for that it was not read', async () => {
    let clock = 0;
    const now = () => (clock += 10);
    const { opened } = await detectInSlices(message(filler), [finder('secret')], context, { now, mostTime: 25 });
    expect(opened.parts.at(-1)).toMatchObject({
      path: 'a.txt › unread',
      content: { kind: 'incomplete', reason: 'timed-out' },
    });
  });

  it('keeps one that holds behind hundreds of the same rule that do not', async () => {
    const words = finder('secret');
    const attributed: Detector = {
      ...words,
      async detect(message, known) {
        const found = await words.detect(message, known);
        const isLast = message.parts.some(({ content }) => 'text' in content && content.text.includes('the end'));
        return found.map((finding) => ({ ...finding, weight: isLast ? 'embargoed' : 'attributed' }));
      },
    };
    const text = `${filler}${'secret\n'.repeat(500)}${filler}secret\nthe end\n`;
    const { findings } = await detectInSlices(message(text), [attributed], context);
    expect(findings.filter(({ weight }) => weight === 'attributed').length).toBeLessThan(200);
    expect(findings.filter(({ weight }) => weight === 'embargoed')).toHaveLength(1);
  });
});
