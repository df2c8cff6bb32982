/** A level as Word numbers them, from 0. */
export function levelOf(text: string | undefined): number {
  return numberOf(text ?? '', 0);
}

/** A whole number, or `otherwise` where there is none. */
export function numberOf(text: string, otherwise: number): number {
  const value = Number.parseInt(text, 10);
  return Number.isNaN(value) ? otherwise : value;
}
