import { builtInFormat, readNumberFormat, showGeneral } from './number-format.ts';

describe('a number format shows a number as a spreadsheet does', () => {
  it.each([
    ['0.0%', 0.74, '74.0%'],
    ['0%', 0.746, '75%'],
    ['#,##0', 1234567.5, '1,234,568'],
    ['#,##0.00;(#,##0.00)', -1234.5, '(1,234.50)'],
    ['0.0,,"m"', 31_390_000, '31.4m'],
    ['[>1000]#,##0.0,"k";0', 1500, '1.5k'],
    ['[>1000]#,##0.0,"k";0', 15, '15'],
    ['0.0" pp"', 0.3, '0.3 pp'],
    ['"record "0.0', 74, 'record 74.0'],
    ['[$£-809]#,##0.00', 12.5, '£12.50'],
    ['_-* #,##0.00_-;-* #,##0.00_-', -5, '-5.00'],
    ['0.00', 1.005, '1.01'],
    ['0.0', -0.04, '0.0'],
    ['000', 7, '007'],
    ['0;-0;"zero"', 0, 'zero'],
    ['#.##', 1.5, '1.5'],
    ['0.00E+00', 12345, '1.23E+04'],
    ['# ?/?', 1.5, '1 1/2'],
    ['General" units"', 5, '5 units'],
    ['@', 12, '12'],
    [';;;', 5, ''],
    ['dd/mm/yyyy', 42389, '20/01/2016'],
    ['d mmmm yyyy', 42389.5, '20 January 2016'],
    ['dddd', 42389, 'Wednesday'],
    ['ddd', 1, 'Sun'],
    ['yyyy-mm-dd hh:mm:ss', 42389.123456, '2016-01-20 02:57:47'],
    ['h:mm AM/PM', 0.75, '6:00 PM'],
    ['[h]:mm:ss', 1.5, '36:00:00'],
    ['mm:ss.0', 0.0001, '00:08.6'],
    ['mmm-yy', 42389, 'Jan-16'],
    ['d/m/yyyy', 60, '29/2/1900'],
    ['yyyy-mm-dd', -1, '-1'],
  ])('%s of %d is %s', (code, value, shown) => {
    expect(readNumberFormat(code, false).show(value)).toBe(shown);
  });

  it('counts from 1904 where the workbook does', () => {
    expect(readNumberFormat('yyyy-mm-dd', true).show(40_927)).toBe('2016-01-20');
  });

  it('shows dates that follow the reader’s locale so that they mean one day', () => {
    expect(readNumberFormat(builtInFormat(14), false).show(42389)).toBe('2016-01-20');
  });

  it.each([
    ['"("@")"', 'x', '(x)'],
    ['0;0;0;General', 'x', 'x'],
    ['0.0', 'x', 'x'],
  ])('shows a text in %s', (code, text, shown) => {
    expect(readNumberFormat(code, false).showText(text)).toBe(shown);
  });
});

describe('a number without a format', () => {
  it.each([
    [0.1 + 0.2, '0.3'],
    [1 / 3, '0.333333333'],
    [100_023_336_956, '100023336956'],
    [122.49, '122.49'],
    [-0.5, '-0.5'],
    [1.5e-7, '1.5E-07'],
    [1e20, '1E+20'],
    [0, '0'],
  ])('%d is %s', (value, shown) => {
    expect(showGeneral(value)).toBe(shown);
  });
});
