import fc from 'fast-check';
import { unflatten } from './flat-package.ts';

/** The names of the entries that a zip file lists. */
function names(zip: Buffer | null): readonly string[] {
  const found: string[] = [];
  const local = Buffer.from('504b0304', 'hex');
  for (let at = zip?.indexOf(local) ?? -1; zip !== null && at >= 0; at = zip.indexOf(local, at + 4))
    found.push(zip.toString('utf8', at + 30, at + 30 + zip.readUInt16LE(at + 26)));
  return found;
}

describe('a package written flat', () => {
  it('becomes the zip file it stands for: XML, bytes, types', () => {
    const { zip, outside } = unflatten(
      '<pkg:package xmlns:pkg="x"><pkg:part pkg:name="/word/document.xml" pkg:contentType="a/b"><pkg:xmlData><w:p/></pkg:xmlData></pkg:part><pkg:part pkg:name="/word/media/a.bin"><pkg:binaryData>QUJD</pkg:binaryData></pkg:part></pkg:package>',
    );
    expect(names(zip)).toEqual(['[Content_Types].xml', 'word/document.xml', 'word/media/a.bin']);
    const text = zip?.toString('latin1') ?? '';
    expect(text).toContain('<w:p/>');
    expect(text).toContain('ABC');
    expect(text).toContain('<Override PartName="/word/document.xml" ContentType="a/b"/>');
    expect(outside).toBe('');
  });

  it('keeps what stands outside of its parts, and a part that is cut off', () => {
    const { zip, outside } = unflatten('<package>hidden words<part name="/a.xml"><xmlData><w:t>cut');
    expect(outside).toBe('hidden words');
    expect(names(zip)).toEqual(['[Content_Types].xml', 'a.xml']);
    expect(zip?.toString('latin1')).toContain('<w:t>cut');
  });

  it('never fails', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<part ', 'name="/a"', '>', '<xmlData>', '</part>', 'x', '<package>')),
        (bits) => {
          expect(typeof unflatten(bits.join('')).outside).toBe('string');
        },
      ),
    );
  });
});
