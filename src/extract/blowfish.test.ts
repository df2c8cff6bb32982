import { decryptBlowfishCfb } from './blowfish.ts';

describe('Blowfish in cipher feedback', () => {
  it('opens the vector its author published', () => {
    const hex = (text: string): Buffer => Buffer.from(text, 'hex');
    const plain = decryptBlowfishCfb(
      hex('0123456789ABCDEFF0E1D2C3B4A59687'),
      hex('FEDCBA9876543210'),
      hex('E73214A2822139CAF26ECF6D2EB9E76E3DA3DE04D1517200519D57A6C3'),
    );
    expect(plain.toString('latin1')).toBe('7654321 Now is the time for \0');
  });
});
