/** A field of alt text for each chosen image, in place of the one text area that a page without script has. */
export function altTextPerFile(files, place) {
  const known = new Map();
  const write = () => {
    for (const input of place.querySelectorAll('input')) known.set(input.dataset.file, input.value);
    const chosen = [...files.files];
    place.hidden = chosen.length === 0;
    place.replaceChildren(
      ...chosen.map((file, index) => {
        const item = document.createElement('div');
        item.className = 'alt-texts__item';
        const isPicture = file.type.startsWith('image/');
        const input = document.createElement('input');
        input.name = 'alt';
        input.type = isPicture ? 'text' : 'hidden';
        input.dataset.file = file.name;
        if (!isPicture) {
          item.hidden = true;
          item.append(input);
          return item;
        }
        input.id = `alt-${index}`;
        input.className = 'govuk-input';
        input.dir = 'auto';
        input.value = known.get(file.name) ?? '';
        const label = document.createElement('label');
        label.className = 'govuk-label';
        label.htmlFor = input.id;
        label.append('Description of ', Object.assign(document.createElement('bdi'), { textContent: file.name }));
        item.append(label, input);
        return item;
      }),
    );
  };
  files.addEventListener('change', write);
  write();
}

const MEGABYTE = 1024 * 1024;
/** More than this is not sent again with every pause in typing; the button sends it. */
export const SENT_BY_ITSELF = 10 * MEGABYTE;

export function bytesOf(files) {
  return [...files.files].reduce((sum, { size }) => sum + size, 0);
}
