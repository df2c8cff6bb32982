/** Says what a release means and what is wrong with it while it is written. Without this script the buttons do the same. */

const WAIT_MS = 300;

const form = document.getElementById('edit-release');
const preview = document.getElementById('preview');
const touched = new Set();
let waiting;
let running = null;

/** Of a field with several boxes, such as day and time, the first stands for all. */
const fieldOf = (element) => {
  const name = element.name ?? '';
  if (name.startsWith('figure')) return 'figures';
  return name.replace(/Time$/, 'Day');
};

function errorOf(field) {
  const anchor = document.getElementById(field);
  const group = anchor?.closest('.govuk-form-group');
  if (group == null) return null;
  let line = group.querySelector('.live-error');
  if (line === null) {
    line = document.createElement('p');
    line.className = 'govuk-error-message live-error';
    line.id = `${field}-live`;
    const before = anchor.closest('.planned__fields') ?? anchor;
    if (before === group) group.querySelector('legend').after(line);
    else before.before(line);
    const described = anchor.matches('input, textarea, select') ? anchor : null;
    described?.setAttribute(
      'aria-describedby',
      `${described.getAttribute('aria-describedby') ?? ''} ${line.id}`.trim(),
    );
  }
  return { group, line };
}

/** Only beside what somebody has been in: nobody is told of a box that they have not come to yet. */
function showFaults(faults) {
  for (const field of touched) {
    const place = errorOf(field);
    if (place === null) continue;
    const fault = faults.find((one) => one.field === field);
    const text = fault?.text ?? '';
    if (place.line.textContent !== text) place.line.textContent = text;
    place.group.classList.toggle('govuk-form-group--error', text !== '');
  }
}

async function check() {
  running?.abort();
  running = new AbortController();
  try {
    const response = await fetch(form.dataset.check, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      signal: running.signal,
    });
    if (!response.ok) return;
    const answer = document.createElement('template');
    answer.innerHTML = await response.text();
    const faults = answer.content.getElementById('live-faults');
    showFaults(JSON.parse(faults?.dataset.faults ?? '[]'));
    faults?.remove();
    // What is said already is not said again to those who listen.
    if (preview.textContent.trim() !== answer.content.textContent.trim()) preview.replaceChildren(answer.content);
  } catch (error) {
    if (error.name !== 'AbortError') preview.replaceChildren();
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(check, WAIT_MS);
}

/** A measure brings its likeliest unit. */
function fitUnit(select) {
  const units = select.selectedOptions[0]?.dataset.units?.split(' ') ?? [];
  const unit = select.closest('.figure-row').querySelector('[name="figureUnit"]');
  if (units.length > 0 && !units.includes(unit.value)) unit.value = units[0];
}

form.addEventListener('input', (event) => {
  if (event.target.name === 'figureMeasure') fitUnit(event.target);
  soon();
});
form.addEventListener('focusout', (event) => {
  touched.add(fieldOf(event.target));
  soon();
});
