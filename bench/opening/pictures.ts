import { type Canvas, createCanvas, loadImage, type SKRSContext2D } from '@napi-rs/canvas';
import { createPixelReader } from '../../src/scan/read-pixels.ts';

/**
 * Draws pictures as offices and tweets have them, each with a headline figure and a line below it, reads each by OCR and prints
 * what was read and how long it took: `node bench/opening/pictures.ts`.
 */
interface Kind {
  readonly name: string;
  readonly wanted: readonly string[];
  readonly draw: () => Buffer | Promise<Buffer>;
}

const SIZE = { width: 1200, height: 675 };
const HEADLINE = '74.0%';
const CAPTION = 'Employment rate, December to February';
const SMALL = 'Source: Labour Force Survey. Not for release before 9:30am';
const WANTED = [HEADLINE, 'Employment rate', 'Labour Force Survey'];

type Gradient = ReturnType<SKRSContext2D['createLinearGradient']>;

interface Look {
  readonly back: string | ((context: SKRSContext2D) => Gradient);
  readonly headline: string;
  readonly text: string;
  readonly font?: string;
}

function infographic(look: Look, scale = 1): Canvas {
  const canvas = createCanvas(SIZE.width * scale, SIZE.height * scale);
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  context.fillStyle = typeof look.back === 'string' ? look.back : look.back(context);
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  const font = look.font ?? 'DejaVu Sans';
  context.fillStyle = look.text;
  context.font = `48px "${font}"`;
  context.fillText('UK labour market', 80, 110);
  context.fillStyle = look.headline;
  context.font = `bold 220px "${font}"`;
  context.fillText(HEADLINE, 70, 380);
  context.fillStyle = look.text;
  context.font = `40px "${font}"`;
  context.fillText(CAPTION, 80, 480);
  context.font = `22px "${font}"`;
  context.fillText(SMALL, 80, 620);
  return canvas;
}

function gradient(context: SKRSContext2D): Gradient {
  const made = context.createLinearGradient(0, 0, SIZE.width, SIZE.height);
  made.addColorStop(0, '#003a70');
  made.addColorStop(1, '#1fb6a6');
  return made;
}

const plain: Look = { back: '#ffffff', headline: '#1d70b8', text: '#0b0c0c' };
const dark: Look = { back: '#003a70', headline: '#ffffff', text: '#ffffff' };
const yellow: Look = { back: '#12233d', headline: '#ffd23f', text: '#dfe7f2' };

function chart(): Canvas {
  const canvas = createCanvas(SIZE.width, SIZE.height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  context.fillStyle = '#222222';
  context.font = 'bold 36px "DejaVu Sans"';
  context.fillText('Employment rate rises to 74.0%', 60, 70);
  const values = [72.9, 73.1, 73.4, 73.3, 73.8, 74.0];
  for (const [at, value] of values.entries()) {
    const height = (value - 72) * 200;
    context.fillStyle = '#206095';
    context.fillRect(100 + at * 170, 600 - height, 110, height);
    context.fillStyle = '#222222';
    context.font = '26px "DejaVu Sans"';
    context.fillText(value.toFixed(1), 125 + at * 170, 590 - height);
    context.font = '20px "DejaVu Sans"';
    context.fillText(`Q${(at % 4) + 1} 202${4 + Math.floor(at / 4)}`, 115 + at * 170, 630);
  }
  context.fillText('Source: Labour Force Survey', 60, 662);
  return canvas;
}

function tweet(back: string, name: string, text: string, grey: string): Canvas {
  const canvas = createCanvas(1200, 520);
  const context = canvas.getContext('2d');
  context.fillStyle = back;
  context.fillRect(0, 0, 1200, 520);
  context.fillStyle = grey;
  context.beginPath();
  context.arc(90, 90, 45, 0, 7);
  context.fill();
  context.fillStyle = name;
  context.font = 'bold 34px "DejaVu Sans"';
  context.fillText('Statistics Office', 160, 80);
  context.fillStyle = grey;
  context.font = '28px "DejaVu Sans"';
  context.fillText('@statistics', 160, 120);
  context.fillStyle = text;
  context.font = '40px "DejaVu Sans"';
  context.fillText('The employment rate was 74.0% in the three', 50, 210);
  context.fillText('months to February, the highest on record.', 50, 270);
  context.fillStyle = grey;
  context.font = '26px "DejaVu Sans"';
  context.fillText('9:31 AM · 16 Mar 2026 · 4,712 Views', 50, 360);
  return canvas;
}

function table(size: number): Canvas {
  const canvas = createCanvas(900, 420);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, 900, 420);
  context.font = `${size}px "DejaVu Sans"`;
  const rows = [
    ['Series', 'Level', 'Rate (%)', 'Change'],
    ['Employment', '33,894', '74.0', '0.3'],
    ['Unemployment', '1,642', '4.7', '-0.1'],
    ['Inactivity', '9,281', '21.4', '-0.2'],
  ];
  for (const [y, row] of rows.entries())
    for (const [x, cell] of row.entries()) {
      context.strokeStyle = '#b1b4b6';
      context.strokeRect(20 + x * 210, 20 + y * 60, 210, 60);
      context.fillStyle = y === 0 ? '#1d70b8' : '#ffffff';
      context.fillRect(21 + x * 210, 21 + y * 60, 208, 58);
      context.fillStyle = y === 0 ? '#ffffff' : '#0b0c0c';
      context.fillText(cell, 32 + x * 210, 58 + y * 60);
    }
  return canvas;
}

/** Turned by some degrees, unevenly lit and noisy, as a phone sees a page. */
function photo(source: Canvas, degrees: number): Canvas {
  const canvas = createCanvas(source.width, source.height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#8a7f70';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((degrees * Math.PI) / 180);
  context.scale(0.86, 0.86);
  context.drawImage(source, -source.width / 2, -source.height / 2);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  let seed = 7;
  for (let at = 0; at < pixels.data.length; at += 4) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    const light = 0.7 + (0.3 * ((at / 4) % canvas.width)) / canvas.width;
    for (let channel = 0; channel < 3; channel += 1)
      pixels.data[at + channel] = (pixels.data[at + channel] as number) * light + ((seed >> 16) % 24) - 12;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

const png = (canvas: Canvas): Buffer => canvas.toBuffer('image/png');
const jpeg = (canvas: Canvas, quality: number): Buffer => canvas.toBuffer('image/jpeg', quality);

async function shrunk(canvas: Canvas, by: number): Promise<Buffer> {
  const small = createCanvas(Math.round(canvas.width * by), Math.round(canvas.height * by));
  small.getContext('2d').drawImage(await loadImage(png(canvas)), 0, 0, small.width, small.height);
  return png(small);
}

const kinds: readonly Kind[] = [
  { name: 'blue figure on white', wanted: WANTED, draw: () => png(infographic(plain)) },
  { name: 'white on dark blue', wanted: WANTED, draw: () => png(infographic(dark)) },
  { name: 'yellow figure, dark mode', wanted: WANTED, draw: () => png(infographic(yellow)) },
  { name: 'white on a gradient', wanted: WANTED, draw: () => png(infographic({ ...dark, back: gradient })) },
  { name: 'pale figure on white', wanted: WANTED, draw: () => png(infographic({ ...plain, headline: '#8ecae6' })) },
  {
    name: 'red figure on pink',
    wanted: WANTED,
    draw: () => png(infographic({ ...plain, back: '#fde2e4', headline: '#d62839' })),
  },
  { name: 'JPEG, quality 60', wanted: WANTED, draw: () => jpeg(infographic(plain), 60) },
  { name: 'JPEG, quality 60, dark', wanted: WANTED, draw: () => jpeg(infographic(yellow), 60) },
  { name: 'at twice the size', wanted: WANTED, draw: () => png(infographic(dark, 2)) },
  { name: 'at 0.6 of the size', wanted: WANTED, draw: () => shrunk(infographic(dark), 0.6) },
  { name: 'at 0.4 of the size', wanted: [HEADLINE, 'Employment rate'], draw: () => shrunk(infographic(plain), 0.4) },
  { name: 'WebP', wanted: WANTED, draw: () => infographic(dark).toBuffer('image/webp') },
  { name: 'bar chart', wanted: ['74.0%', '73.4', 'Labour Force Survey'], draw: () => png(chart()) },
  {
    name: 'tweet, light',
    wanted: ['74.0%', 'highest on record'],
    draw: () => png(tweet('#ffffff', '#0f1419', '#0f1419', '#536471')),
  },
  {
    name: 'tweet, dark',
    wanted: ['74.0%', 'highest on record'],
    draw: () => png(tweet('#000000', '#e7e9ea', '#e7e9ea', '#71767b')),
  },
  { name: 'table of a spreadsheet', wanted: ['33,894', '74.0', '21.4'], draw: () => png(table(26)) },
  { name: 'table, small print', wanted: ['33,894', '74.0', '21.4'], draw: () => png(table(14)) },
  { name: 'photo turned by 3 degrees', wanted: WANTED, draw: () => jpeg(photo(infographic(plain), 3), 75) },
  {
    name: 'photo of a table, 3 degrees',
    wanted: ['33,894', '74.0', '21.4'],
    draw: () => jpeg(photo(table(26), -3), 75),
  },
  { name: 'photo of a dark picture, 3 degrees', wanted: WANTED, draw: () => jpeg(photo(infographic(dark), 3), 75) },
];

const read = createPixelReader();
const warm = createCanvas(200, 80);
const pen = warm.getContext('2d');
pen.fillStyle = '#ffffff';
pen.fillRect(0, 0, 200, 80);
const began = performance.now();
await read(png(warm));
console.log(`starting the reader\t${((performance.now() - began) / 1000).toFixed(2)} s`);
console.log('kind\tread\tmissed\tseconds');
const only = process.argv[2];
for (const { name, wanted, draw } of kinds) {
  if (only !== undefined && !name.includes(only)) continue;
  const picture = await draw();
  const start = performance.now();
  const text = (await read(picture)) ?? '';
  const took = (performance.now() - start) / 1000;
  const flat = text.replace(/\s+/g, ' ');
  const missed = wanted.filter((words) => !flat.includes(words));
  console.log(
    `${name}\t${wanted.length - missed.length} of ${wanted.length}\t${missed.join(', ')}\t${took.toFixed(2)}`,
  );
  if (only !== undefined) console.log(text);
}
process.exit(0);
