/** An uncompressed SPSS system file of string variables, each 40 bytes wide, with long names (PSPP developers' guide, chapter B). */
export function makeSav(header: readonly string[], rows: readonly (readonly string[])[]): Buffer {
  const WIDTH = 40;
  const int = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return bytes;
  };
  const text = (value: string, width: number) => Buffer.from(value.slice(0, width).padEnd(width, ' '), 'latin1');
  const float = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return bytes;
  };
  const segments = WIDTH / 8;
  const variables = header.flatMap((_, at) => [
    ...[int(2), int(WIDTH), int(0), int(0), int(0x01_00_00 | (WIDTH << 8)), int(0x01_00_00 | (WIDTH << 8))],
    text(`V${at}`, 8),
    // A wide string takes a record for each further eight bytes.
    ...Array.from({ length: segments - 1 }, () =>
      Buffer.concat([int(2), int(-1), int(0), int(0), int(0), int(0), text('', 8)]),
    ),
  ]);
  const names = Buffer.from(header.map((name, at) => `V${at}=${name}`).join('\t'), 'latin1');
  return Buffer.concat([
    text('$FL2', 4),
    text('@(#) SPSS DATA FILE', 60),
    ...[int(2), int(header.length * segments), int(0), int(0), int(rows.length), float(100)],
    ...[text('01 Jan 16', 9), text('09:30:00', 8), text('', 64), Buffer.alloc(3)],
    ...variables,
    ...[int(7), int(13), int(1), int(names.length), names],
    ...[int(999), int(0)],
    ...rows.flatMap((row) => row.map((cell) => text(cell, WIDTH))),
  ]);
}
