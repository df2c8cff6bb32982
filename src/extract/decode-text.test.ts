import fc from 'fast-check';
import iconv from 'iconv-lite';
import { decodeText } from './decode-text.ts';

const RUSSIAN = 'Уровень безработицы в октябре составил четыре процента, сообщает служба.';
const GREEK = 'Το ποσοστό ανεργίας μειώθηκε τον Οκτώβριο, ανακοίνωσε η υπηρεσία.';
const HEBREW = 'שיעור האבטלה ירד באוקטובר, כך הודיעה הלשכה.';
const ARABIC = 'انخفض معدل البطالة في أكتوبر حسب المكتب.';
const THAI = 'อัตราการว่างงานลดลงในเดือนตุลาคม';
const JAPANESE = '10月の完全失業率は低下しました。お知らせします。';
const KOREAN = '시월 실업률은 내려갔다고 통계청이 발표했다. 이는 낮은 수치이다.';
const CHINESE = '十月份的失业率下降了，统计局发布的数据是这样说的。';
const TAIWAN = '十月份的失業率下降了，統計局發布的資料是這樣說的。';
const CZECH = 'Nezaměstnanost v říjnu klesla, řekl úřad. Žluťoučký kůň úpěl ďábelské ódy.';
const POLISH = 'Stopa bezrobocia spadła w październiku, podał urząd. Zażółć gęślą jaźń.';
const FRENCH = 'Le taux de chômage a baissé en octobre, a annoncé le bureau; c’est l’été à Besançon.';

describe('text in the charset that it says', () => {
  it.each([
    ['koi8-r', RUSSIAN],
    ['win-1251', RUSSIAN],
    ['iso-8859-7', 'ανεργίας'],
    ['"ISO-8859-1"', 'déjà'],
    ['8859-1', 'déjà'],
    ['utf 8', 'déjà'],
    ['charset=utf-8', 'déjà'],
    ['windows-1252http', 'déjà'],
    ['cp-850', 'déjà'],
    ['x-mac-ce', 'říjnu'],
    ['gb18030', CHINESE],
    ['Big5', TAIWAN],
    ['ks_c_5601-1987', KOREAN],
    ['windows-31j', JAPANESE],
    ['utf-32', JAPANESE],
  ])('is decoded: %s', (charset, text) => {
    const known: Readonly<Record<string, string>> = {
      'utf 8': 'utf-8',
      '8859-1': 'latin1',
      'charset=utf-8': 'utf-8',
      'windows-1252http': 'windows-1252',
      'win-1251': 'windows-1251',
      'x-mac-ce': 'maccenteuro',
      'windows-31j': 'shift_jis',
    };
    expect(decodeText(iconv.encode(text, known[charset] ?? charset.replaceAll('"', '')), charset)).toBe(text);
  });

  it.each([
    ['iso-2022-jp', '1b24423f37335a1b2842', '新楽'],
    ['iso-2022-jp', '1b2442245a1b28421b244224461b2842', 'ぺて'],
    ['iso-2022-kr', '1b2429430e3b753a380f', '새벽'.slice(0, 1)],
    ['hz-gb-2312', '7e7b4b3a7e7d207e7e', '撕 ~'],
    ['ibm037', 'c8859393964c6e', 'Hello<>'],
    ['cp500', '4ac15a', '[A]'],
    ['utf-7', '2b414f6b2d', 'é'],
  ])('is decoded from bytes: %s %s', (charset, hex, text) => {
    expect(decodeText(Buffer.from(hex, 'hex'), charset)).toContain(text);
  });

  it('is UTF-8 where it is called Latin-1 and is UTF-8', () => {
    expect(decodeText(Buffer.from('Déjà vu — “record”'), 'iso-8859-1')).toBe('Déjà vu — “record”');
  });
});

describe('text that does not say its charset', () => {
  it.each([
    ['windows-1251', RUSSIAN],
    ['koi8-r', RUSSIAN],
    ['cp866', RUSSIAN],
    ['iso-8859-5', RUSSIAN],
    ['windows-1253', GREEK],
    ['windows-1255', HEBREW],
    ['windows-1256', ARABIC],
    ['windows-874', THAI],
    ['shift_jis', JAPANESE],
    ['euc-jp', JAPANESE],
    ['euc-kr', KOREAN],
    ['gbk', CHINESE],
    ['big5', TAIWAN],
    ['windows-1250', CZECH],
    ['iso-8859-2', CZECH],
    ['windows-1250', POLISH],
    ['windows-1252', FRENCH],
    ['macintosh', 'Le chômage a baissé en été à Besançon, déjà très élevé'],
    ['cp850', 'Le chômage a baissé en été à Besançon, déjà très élevé'],
    ['windows-1252', 'Größe, Müller, naïve, Ñandú, 5 £ 6½ “so” – ok'],
  ])('is guessed by its letters: %s, %s', (charset, text) => {
    expect(decodeText(iconv.encode(text, charset))).toBe(text);
  });

  it('is ISO-2022-JP where it has its escapes', () => {
    expect(decodeText(Buffer.from('1b24423f37335a1b2842', 'hex'))).toBe('新楽');
  });

  it.each([
    ['a stray byte', 'Données publiées \xA3 5 déjà', 'Données publiées £ 5 déjà'],
    ['a cut character', 'Données publiées déjà \xC3', 'Données publiées déjà Ã'],
  ])('is UTF-8 with %s', (_, written, text) => {
    const bytes = written.split('\xA3').map((piece) => {
      const [whole, ...cut] = piece.split('\xC3');
      return Buffer.concat([Buffer.from(whole ?? ''), ...cut.map(() => Buffer.from([0xc3]))]);
    });
    expect(
      decodeText(
        bytes.length === 2
          ? Buffer.concat([bytes[0] as Buffer, Buffer.from([0xa3]), bytes[1] as Buffer])
          : (bytes[0] as Buffer),
      ),
    ).toBe(text);
  });
});

it('loses no ASCII letter of any bytes in any charset', () => {
  const charset = fc.constantFrom(null, 'utf-8', 'koi8-r', 'iso-8859-1', 'x-nonsense', 'us-ascii', 'windows-1252');
  fc.assert(
    fc.property(fc.uint8Array({ min: 1, maxLength: 60 }), charset, (bytes, declared) => {
      const text = decodeText(Buffer.concat([Buffer.from('start '), bytes, Buffer.from(' end')]), declared);
      expect(text.startsWith('start')).toBe(true);
    }),
  );
});
