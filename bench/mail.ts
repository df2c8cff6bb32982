import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { memorySource } from '../src/core/byte-source.ts';
import { loadTrialEngine } from './trial-engine.ts';

/** A warm process on one core judges mails of 4.6 KB: at least 1,000 a second. */
const LIMIT = 1000;
const SIZE = 4600;
const SECONDS = 5;

const engine = await loadTrialEngine();
const seed = readFileSync(
  fileURLToPath(new URL('../fixtures/messages/labour-market-reminder.eml', import.meta.url)),
  'utf8',
);
const sentences = [
  'Please find the agenda for the steering group on Thursday, with papers to follow by noon.',
  'We have 14 responses so far, most of them from local authorities in the north.',
  'The minutes are a true record apart from item 4, which the chair will correct.',
  'Your mailbox stands at 82 per cent of its limit, and older items will be archived in March.',
  'Lunch is provided for those who travel, and the room has a hearing loop and step-free access.',
  'I have attached the note of last month for background; nothing in it needs a decision from you.',
  'The contractor will test the fire alarm on Friday between 7 and 8 in the morning, without evacuation.',
  'Grateful for comments on the attached by noon on Wednesday, in tracked changes where you can.',
  'The supplier asks for a purchase order before they book the two engineers for the week of 18 January.',
  'Annex B sets out the options, with costs; the second is the one that the board preferred in autumn.',
  'Please use the new form for travel claims, since the old one leaves out the cost centre.',
  'We agreed to bring the review forward, so that legal have time to look at paragraphs 12 to 20.',
  'If you cannot make it, send a deputy who knows the project and may agree the plan.',
  'Many thanks to everybody who covered the desk over the holidays.',
  'Could you confirm the number of vacancies in your team before the employment policy review?',
];
function mail(n: number): Buffer {
  let text = seed;
  for (let at = n; text.length < SIZE; at += 1) text += `${sentences[at % sentences.length]}\r\n`;
  return Buffer.from(text);
}
const mails = Array.from({ length: 50 }, (_, n) => mail(n));
const parties = { from: 'sender@department.example', to: ['one@council.example', 'two@agency.example'] };

async function judge(n: number): Promise<void> {
  const content = mails[n % mails.length] ?? Buffer.alloc(0);
  await engine.judge({
    kind: 'email',
    name: 'message.eml',
    source: memorySource(content),
    parties,
    now: Date.parse('2016-01-20T09:22:00Z'),
    publishAt: null,
  });
}

for (let n = 0; n < 500; n += 1) await judge(n);
const cpuBefore = process.cpuUsage();
const started = performance.now();
let judged = 0;
while (performance.now() - started < SECONDS * 1000) {
  await judge(judged);
  judged += 1;
}
const wall = (performance.now() - started) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const cpuSeconds = (cpu.user + cpu.system) / 1e6;
console.log(
  `mails of ${SIZE} bytes, window open: ${Math.round(judged / wall)}/s of wall clock, ${Math.round(judged / cpuSeconds)}/s of CPU; limit ${LIMIT}/s: ${(judged / cpuSeconds / LIMIT).toFixed(1)} times`,
);
if (judged / cpuSeconds < LIMIT) process.exitCode = 1;
