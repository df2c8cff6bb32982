import { countCharacters } from './count-characters.js';

/** Judges the draft while it is typed. Without this script the button does the same. */

const DEBOUNCE_MS = 150;
const MAX_TIMER_MS = 2 ** 31 - 1;

const form = document.getElementById('check-form');
const text = document.getElementById('text');
const channel = document.getElementById('channel');
const files = document.getElementById('files');
const result = document.getElementById('result');
const status = document.getElementById('check-status');
const bar = document.getElementById('verdict-bar');
const note = document.getElementById('character-note');

let typing;
let lift;
let running = null;

/** What was judged is no longer what is in the box: an old "safe" must not stand beside new words. */
function markStale() {
  result.classList.add('check-result--stale');
  result.setAttribute('aria-busy', 'true');
  bar.hidden = true;
}

function show(html) {
  result.innerHTML = html;
  result.classList.remove('check-result--stale');
  result.removeAttribute('aria-busy');
  const heading = result.querySelector('#verdict-words');
  status.textContent = heading === null ? '' : heading.textContent.trim();
  showBar();
  offerCopy();
  countDown();
}

function say(sentence) {
  const line = document.createElement('p');
  line.className = 'govuk-body';
  line.textContent = sentence;
  show(line.outerHTML);
  status.textContent = sentence;
}

async function check() {
  running?.abort();
  if (text.value.trim() === '') return show('');
  const own = new AbortController();
  running = own;
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
  fields.set('files', String(files.files.length));
  try {
    const answer = await fetch('/check/live', { method: 'POST', body: fields, signal: own.signal });
    if (answer.ok) show(await answer.text());
    else if (answer.status === 401) say('You are signed out. Sign in again in another tab, then come back.');
    else if (answer.status === 429) typing = setTimeout(check, 1000);
    else say('Holdfast cannot judge anything at the moment. Do not publish on an old answer; press Check.');
  } catch (error) {
    if (error.name !== 'AbortError') say('Holdfast does not answer. Do not publish on an old answer; press Check.');
  }
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

/** Counts as the channel counts. */
function count() {
  const limit = Number(channel.selectedOptions[0]?.dataset.limit ?? 0);
  const used = countCharacters(text.value, channel.value);
  note.hidden = used === 0;
  note.classList.toggle('character-note--over', limit > 0 && used > limit);
  if (limit === 0) note.textContent = `${used} characters`;
  else if (used > limit) note.textContent = `${used - limit} characters too many`;
  else note.textContent = `${limit - used} characters left`;
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
    status.textContent = 'Copied';
  });
}

form.addEventListener('input', () => {
  count();
  checkSoon();
});
count();
showBar();
offerCopy();
countDown();
if (text.value.trim() !== '' && result.querySelector('#verdict-words') === null) checkSoon();
