/** A sheet's header or footer without its codes: font, size, colour; its three parts apart by tabs (ECMA-376 part 1, 18.3.1.46). */
export function plainHeader(text: string): string {
  return text
    .replace(/&"[^"]*"/g, '')
    .replace(/&K[0-9A-Fa-f]{6}|&K\d{2}[+-]\d{3}/g, '')
    .replace(/&[LCR]/g, '\t')
    .replace(/&\d{1,3}/g, '')
    .replace(/&[BIUESXYPNDTGAFZOH]/g, '')
    .replaceAll('&&', '&')
    .replace(/^\t+/, '');
}
