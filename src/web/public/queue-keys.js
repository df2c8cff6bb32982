/** Keys for going through the list. Tab and Enter do the same without them, and they can be turned off (WCAG 2.1.4). */

const links = [...document.querySelectorAll('#queue .queue__link')];
const help = document.getElementById('keys-help');
const toggle = document.getElementById('keys-switch');
const said = document.getElementById('keys-said');
const STORED = 'holdfast-queue-keys';

function isOn() {
  return localStorage.getItem(STORED) !== 'off';
}

function showState() {
  help.hidden = false;
  toggle.setAttribute('aria-pressed', String(isOn()));
  toggle.textContent = isOn() ? 'Turn keys off' : 'Turn keys on';
}

function rowOf(element) {
  return element?.closest?.('#queue tbody tr') ?? null;
}

function go(step) {
  const row = rowOf(document.activeElement);
  const at = row === null ? -1 : links.findIndex((link) => rowOf(link) === row);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  if (next === at) said.textContent = step > 0 ? 'Last message on this page' : 'First message on this page';
  else links[next]?.focus();
}

function choose() {
  const box = rowOf(document.activeElement)?.querySelector('input[type="checkbox"]');
  if (!box) return;
  box.checked = !box.checked;
  const count = document.querySelectorAll('#queue input[type="checkbox"]:checked').length;
  said.textContent = `${box.checked ? 'Chosen' : 'Not chosen'}. ${count} chosen in all.`;
}

document.addEventListener('keydown', (event) => {
  if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const { target } = event;
  const isTyping = target.matches?.('textarea, select, [contenteditable], input:not([type="checkbox"])');
  if (isTyping) return;
  if (event.key === 'j') go(1);
  else if (event.key === 'k') go(-1);
  else if (event.key === 'x') choose();
  else return;
  event.preventDefault();
});

if (toggle !== null) {
  toggle.addEventListener('click', () => {
    localStorage.setItem(STORED, isOn() ? 'off' : 'on');
    showState();
  });
  showState();
}
