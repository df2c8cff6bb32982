/** Shows how far an upload and the reading of its rows are. Without this script the form and the link do the same. */

const EVERY_MS = 700;
const form = document.getElementById('sketch-form');
const progress = document.getElementById('sketch-progress');

form?.addEventListener('submit', (event) => {
  if (document.getElementById('file').files.length === 0) return;
  event.preventDefault();
  const bar = document.getElementById('uploaded');
  document.getElementById('upload-progress').hidden = false;
  form.querySelector('button').disabled = true;
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = Math.floor((loaded / total) * 100);
  });
  request.addEventListener('load', () => {
    if (request.responseURL.includes('?job=')) location.assign(request.responseURL);
    else form.submit();
  });
  request.addEventListener('error', () => form.submit());
  request.send(new FormData(form));
});

async function look() {
  const address = progress.dataset.progress;
  try {
    const response = await fetch(address);
    if (!response.ok) return;
    progress.innerHTML = await response.text();
  } catch {
    // The next look tells.
  }
  if (progress.querySelector('progress') === null) document.querySelector('.look-again')?.remove();
  else setTimeout(look, EVERY_MS);
}

if (progress?.dataset.progress !== undefined) setTimeout(look, EVERY_MS);
