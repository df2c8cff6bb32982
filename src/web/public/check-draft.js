import { countCharacters } from './count-characters.js';
import { altTextPerFile, bytesOf, SENT_BY_ITSELF } from './draft-files.js';
import { markInPlace } from './mark-in-place.js';

/** Judges the draft while it is typed. Without this script the button does the same. */

const DEBOUNCE_MS = 150;
/** Files are sent once nobody has typed for so long. */
const FILES_AFTER_MS = 600;
const COUNT_SPOKEN_AFTER_MS = 1000;
const MAX_TIMER_MS = 2 ** 31 - 1;

const byId = (id) => document.getElementById(id);
const form = byId('check-form');
const text = byId('text');
const channel = byId('channel');
const files = byId('files');
const result = byId('result');
const status = byId('check-status');
const bar = byId('verdict-bar');
const note = byId('character-note');
const spokenCount = byId('character-status');
const words = markInPlace(text);

let typing;
let lift;
let speaking;
let running = null;

/** What was judged is no longer what is in the box: an old "safe" must not stand beside new words. */
function markStale() {
  result.classList.add('check-result--stale');
  result.setAttribute('aria-busy', 'true');
  bar.hidden = true;
}

function speak(sentence) {
  if (status.textContent !== sentence) status.textContent = sentence;
}

function show(html, judged) {
  result.innerHTML = html;
  result.classList.remove('check-result--stale');
  result.removeAttribute('aria-busy');
  const verdict = result.querySelector('.verdict');
  words.show(JSON.parse(verdict?.dataset.marks ?? '[]'), judged);
  speak(verdict === null ? '' : result.querySelector('#verdict-words').textContent.trim());
  showBar();
  offerCopy();
  countDown();
}

function say(sentence) {
  const line = document.createElement('p');
  line.className = 'govuk-body';
  line.textContent = sentence;
  show(line.outerHTML, text.value);
  speak(sentence);
}

const AWAY = 'Holdfast does not answer. Do not publish on an old answer; press Check.';

/** Asks for an answer; only the newest question's counts, whatever the order that answers come in. */
async function ask(body) {
  running?.abort();
  const own = new AbortController();
  running = own;
  const judged = text.value;
  try {
    const answer = await fetch('/check/live', { method: 'POST', body, signal: own.signal });
    const html = answer.ok ? await answer.text() : '';
    if (own !== running) return;
    if (answer.ok) show(html, judged);
    else if (answer.status === 401) say('You are signed out. Sign in again in another tab, then come back.');
    else if (answer.status === 413) say('The files are too large to be checked here. Send them another way.');
    else if (answer.status === 429) typing = setTimeout(check, 1000);
    else say('Holdfast cannot judge anything at the moment. Do not publish on an old answer; press Check.');
    if (answer.ok && body instanceof URLSearchParams) checkFilesSoon();
  } catch (error) {
    if (own === running && error.name !== 'AbortError') say(AWAY);
  }
}

function check() {
  const alts = [...form.querySelectorAll('[name="alt"]')].map(({ value }) => value.trim());
  if (text.value.trim() === '' && files.files.length === 0 && alts.every((alt) => alt === '')) {
    running?.abort();
    running = null;
    show('', text.value);
    return;
  }
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
  fields.set('files', String(files.files.length));
  void ask(fields);
}

/** The text has its answer at once; the files, which take longer to send and to open, once the typing pauses. */
function checkFilesSoon() {
  if (files.files.length === 0) return;
  if (bytesOf(files) > SENT_BY_ITSELF) return;
  const line = byId('files-note');
  if (line !== null) line.textContent = 'The files are being opened…';
  typing = setTimeout(() => void ask(new FormData(form)), FILES_AFTER_MS);
}

function checkSoon() {
  markStale();
  clearTimeout(typing);
  typing = setTimeout(check, DEBOUNCE_MS);
}

/** On a phone the answer stands below the form; its first line stays in sight. */
function showBar() {
  const verdict = result.querySelector('.verdict');
  bar.hidden = verdict === null;
  if (verdict === null) return;
  bar.className = `verdict-bar ${verdict.className.replace(/.*verdict--(\w+).*/, 'verdict-bar--$1')}`;
  bar.firstElementChild.textContent = result.querySelector('#verdict-words').textContent.trim();
}

/** Counts as the channel counts; spoken only where it matters, and not with every key. */
function count() {
  const limit = Number(channel.selectedOptions[0]?.dataset.limit ?? 0);
  const used = countCharacters(text.value, channel.value);
  const show = (number) => `${number.toLocaleString('en-GB')} ${number === 1 ? 'character' : 'characters'}`;
  note.hidden = used === 0;
  note.classList.toggle('character-note--over', limit > 0 && used > limit);
  if (limit === 0) note.textContent = show(used);
  else if (used > limit) note.textContent = `${show(used - limit)} too many`;
  else note.textContent = `${show(limit - used)} left`;
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const spoken = limit > 0 && used > limit * 0.9 ? note.textContent : '';
    if (spokenCount.textContent !== spoken) spokenCount.textContent = spoken;
  }, COUNT_SPOKEN_AFTER_MS);
}

/** Tells how long until the lift, and judges again when it comes. */
function countDown() {
  clearInterval(lift);
  const place = result.querySelector('[data-lift-in]');
  if (place === null) return;
  const end = Date.now() + Number(place.dataset.liftIn);
  const tick = () => {
    const left = Math.min(end - Date.now(), MAX_TIMER_MS);
    if (left <= 0) {
      clearInterval(lift);
      checkSoon();
      return;
    }
    const seconds = Math.ceil(left / 1000);
    const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    place.textContent = `Safe in ${clock.map((part) => String(part).padStart(2, '0')).join(':')}`;
    place.hidden = false;
  };
  tick();
  lift = setInterval(tick, 1000);
}

function offerCopy() {
  const button = result.querySelector('[data-copy]');
  if (button === null || navigator.clipboard === undefined) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = 'Copied';
    speak('Copied');
  });
}

function showAudience() {
  byId('people').hidden = form.querySelector('[name="audience"]:checked')?.value !== 'people';
}

function offerOwnZone() {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = byId('zone');
  if (own && ![...zone.options].some(({ value }) => value === own)) zone.add(new Option(`${own} (this computer)`, own));
}

/** A draft that came with the address goes into the box, and out of the address: that is kept in histories and logs. */
function takeFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const [name, field] of [
    ['text', text],
    ['channel', channel],
  ]) {
    if (given.has(name)) field.value = given.get(name);
  }
  if (given.has('text') || new URLSearchParams(location.search).has('text'))
    history.replaceState(null, '', location.pathname);
}

takeFromAddress();
offerOwnZone();
altTextPerFile(files, byId('alt-texts'));
showAudience();
form.addEventListener('input', () => {
  words.keepUp();
  showAudience();
  count();
  checkSoon();
});
count();
showBar();
offerCopy();
countDown();
words.show(JSON.parse(result.querySelector('.verdict')?.dataset.marks ?? '[]'), text.value);
if (text.value.trim() !== '' && result.querySelector('#verdict-words') === null) checkSoon();
