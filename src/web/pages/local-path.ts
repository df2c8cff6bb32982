/** A path of ours to go on to, null for anything that could lead to another site. */
export function localPath(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\/(?![/\\])[\x20-\x5b\x5d-\x7e]*$/.test(value)) return null;
  const url = new URL(value, 'http://localhost');
  return url.origin === 'http://localhost' && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : null;
}
