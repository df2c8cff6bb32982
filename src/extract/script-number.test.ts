import { listLabel } from './list-label.ts';

describe('the number of a list item in another script', () => {
  it.each([
    ['chineseCounting', 1, '一'],
    ['chineseCountingThousand', 10, '十'],
    ['chineseCountingThousand', 21, '二十一'],
    ['chineseCountingThousand', 105, '一百零五'],
    ['japaneseCounting', 12, '十二'],
    ['koreanCounting', 23, '이십삼'],
    ['ideographDigital', 10, '一〇'],
    ['decimalFullWidth', 12, '１２'],
    ['decimalEnclosedCircle', 3, '③'],
    ['decimalEnclosedCircle', 21, '21'],
    ['ideographTraditional', 2, '乙'],
    ['ideographZodiac', 12, '亥'],
    ['aiueo', 1, 'ア'],
    ['iroha', 2, 'ロ'],
    ['ganada', 15, '가가'],
    ['russianLower', 3, 'в'],
    ['hebrew1', 4, '4'],
    ['constructor', 4, '4'],
  ])('%s %i is %s', (format, value, label) => {
    expect(listLabel(value, format)).toBe(label);
  });
});
