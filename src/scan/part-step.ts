/** The last step of a file name, whichever slashes it has; never empty. */
export function baseName(name: string): string {
  return cleanStep(name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)) || 'file';
}

/** A step that cannot be taken for two, nor break a line: a file name is the sender's text. */
export function cleanStep(step: string): string {
  return (
    step
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .slice(0, 300) || 'unnamed'
  );
}

/** The step of what was not read of a piece. */
export function restOf(step: string | null): string {
  return step === null ? 'rest' : `${step} › rest`;
}
