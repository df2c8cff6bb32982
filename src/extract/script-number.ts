const DIGITS = '〇一二三四五六七八九';
const KOREAN = '영일이삼사오육칠팔구';
const HEAVENLY = '甲乙丙丁戊己庚辛壬癸';
const EARTHLY = '子丑寅卯辰巳午未申酉戌亥';
/** Letters that lists count by, from one on; past the last they begin anew, doubled. */
const ALPHABETS: Readonly<Record<string, string>> = {
  aiueo: 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン',
  iroha: 'イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン',
  ganada: '가나다라마바사아자차카타파하',
  chosung: 'ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ',
  russianLower: 'абвгдежзиклмнопрстуфхцчшщыэюя',
  russianUpper: 'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ',
  ideographTraditional: HEAVENLY,
  ideographZodiac: EARTHLY,
};
const CIRCLED = 0x2460;
const FULL_WIDTH = 0xff10;
const MOST = 9999;

/**
 * A number as lists of East Asian and Cyrillic documents show it, by the format that Word names; null for formats that are none of
 * them. ECMA-376 part 1, 17.18.59.
 */
export function scriptNumber(value: number, format: string): string | null {
  const letters = ALPHABETS[format];
  if (letters !== undefined && Object.hasOwn(ALPHABETS, format)) return value > 0 ? lettered(value, letters) : '';
  if (/^(aiueo|iroha)FullWidth$/.test(format)) return scriptNumber(value, format.slice(0, -'FullWidth'.length));
  if (/^decimalFullWidth2?$/.test(format))
    return String(value).replace(/\d/g, (digit) => String.fromCharCode(FULL_WIDTH + Number(digit)));
  if (/^(decimalEnclosedCircle(Chinese)?|ideographEnclosedCircle)$/.test(format))
    return value >= 1 && value <= 20 ? String.fromCharCode(CIRCLED + value - 1) : String(value);
  if (/^(chineseCounting(Thousand)?|taiwaneseCounting(Thousand)?|japaneseCounting)$/.test(format))
    return counted(value, DIGITS, '十百千', '〇');
  if (/^korean(Counting|Digital2?)$/.test(format)) return counted(value, KOREAN, '십백천', '영');
  if (/^(ideographDigital|japaneseDigitalTenThousand|taiwaneseDigital)$/.test(format))
    return String(value).replace(/\d/g, (digit) => DIGITS[Number(digit)] ?? '');
  return null;
}

function lettered(value: number, letters: string): string {
  const letter = letters[(value - 1) % letters.length] ?? '';
  return letter.repeat(Math.min(9, Math.ceil(value / letters.length)));
}

/** 二十一: each place with its name; one ten is ten alone. */
function counted(value: number, digits: string, places: string, nought: string): string {
  if (value === 0) return nought;
  if (value < 0 || value > MOST) return String(value);
  let out = '';
  const written = String(value);
  for (const [at, digit] of [...written].entries()) {
    const place = written.length - 1 - at;
    if (digit === '0') continue;
    if (at > 0 && written[at - 1] === '0' && out !== '' && nought === '〇') out += '零';
    const isBareTen = digit === '1' && place === 1 && at === 0;
    out += (isBareTen ? '' : (digits[Number(digit)] ?? '')) + (place > 0 ? (places[place - 1] ?? '') : '');
  }
  return out;
}
