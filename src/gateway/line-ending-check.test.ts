import fc from 'fast-check';
import { LineEndingCheck } from './line-ending-check.ts';

test('finds exactly the bare CR and LF, however the bytes are cut', () => {
  const bytes = fc.array(fc.constantFrom(0x0d, 0x0a, 0x61), { maxLength: 30 });
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(30), { maxLength: 5 }), (message, cuts) => {
      const text = String.fromCharCode(...message);
      const isBare = /\r(?!\n)|(?<!\r)\n/.test(text);
      const check = new LineEndingCheck();
      const places = [0, ...cuts.map((cut) => Math.min(cut, message.length)).sort((a, b) => a - b), message.length];
      for (let index = 1; index < places.length; index++) {
        check.push(Uint8Array.from(message.slice(places[index - 1], places[index])));
      }
      expect(check.isBroken).toBe(isBare);
    }),
    { numRuns: 2000 },
  );
});
