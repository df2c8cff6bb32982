const form = document.getElementById('check-form');
const result = document.getElementById('result');
const text = document.getElementById('text');

const DEBOUNCE_MS = 200;
let timer;
let running;

async function check() {
  running?.abort();
  if (text.value.trim() === '') return;
  running = new AbortController();
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
  try {
    const answer = await fetch('/check/live', { method: 'POST', body: fields, signal: running.signal });
    if (!answer.ok) return;
    result.innerHTML = await answer.text();
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(check, DEBOUNCE_MS);
}

form.addEventListener('input', later);
