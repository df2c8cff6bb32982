/** Mailbox address in the form it is compared in: no display name, no angle brackets, lower case. */
export function normaliseAddress(address: string): string {
  const angle = /<([^<>]*)>\s*$/.exec(address);
  return (angle?.[1] ?? address).trim().toLowerCase();
}

export function domainOf(address: string): string {
  const normal = normaliseAddress(address);
  return normal.slice(normal.lastIndexOf('@') + 1);
}

/** Whether an address is on a list of addresses and `*@domain` patterns. */
export function matchesAny(patterns: readonly string[], address: string): boolean {
  const normal = normaliseAddress(address);
  return patterns.some((pattern) => {
    const wanted = pattern.trim().toLowerCase();
    return wanted.startsWith('*@') ? domainOf(normal) === wanted.slice(2) : wanted === normal;
  });
}
