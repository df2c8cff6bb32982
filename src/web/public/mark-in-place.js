/**
 * Shows marks under the words of a text area, in a layer behind it.
 *
 * The text area stays what it is: its value, caret, selection, undo and accessible tree are never touched.
 */
export function markInPlace(area) {
  const box = document.createElement('div');
  box.className = 'draft-box';
  const behind = document.createElement('div');
  behind.className = 'draft-box__behind';
  behind.setAttribute('aria-hidden', 'true');
  const hadFocus = document.activeElement === area;
  area.before(box);
  box.append(behind, area);
  area.classList.add('draft-box__text');
  if (hadFocus) area.focus();

  let marks = [];
  let marked = area.value;

  const follow = () => {
    behind.scrollTop = area.scrollTop;
    behind.scrollLeft = area.scrollLeft;
  };
  const align = () => {
    const style = getComputedStyle(area);
    for (const name of COPIED) behind.style[name] = style[name];
    behind.style.width = `${area.offsetWidth}px`;
    behind.style.height = `${area.offsetHeight}px`;
    // A scroll bar takes its width from the words of the area alone, on the side where lines end.
    const border = parseFloat(style.borderLeftWidth) + parseFloat(style.borderRightWidth);
    const bar = Math.max(0, area.offsetWidth - area.clientWidth - border);
    const side = style.direction === 'rtl' ? 'paddingLeft' : 'paddingRight';
    behind.style[side] = `${parseFloat(style[side]) + bar}px`;
    // A text area finds its direction by its own words.
    behind.style.direction = style.direction;
    follow();
  };
  const draw = () => {
    behind.replaceChildren();
    if (behind.style.direction !== getComputedStyle(area).direction) align();
    let at = 0;
    for (const [start, end] of merged(marks, marked.length)) {
      behind.append(marked.slice(at, start));
      const mark = document.createElement('span');
      mark.className = 'draft-box__mark';
      mark.textContent = marked.slice(start, end);
      behind.append(mark);
      at = end;
    }
    // A last line that is empty has a height only with something in it.
    behind.append(`${marked.slice(at)}\u200b`);
    follow();
  };
  area.addEventListener('scroll', follow);
  new ResizeObserver(align).observe(area);
  align();
  draw();

  return {
    /** Marks places of a text, as [start, end] in UTF-16 units; not where the area holds another text by now. */
    show(places, text) {
      if (text !== area.value) return;
      marked = text;
      marks = places;
      draw();
    },
    /** Keeps up with typing until the next answer: marks move with their words, and one that is edited goes. */
    keepUp() {
      const now = area.value;
      const [from, cut, added] = changed(marked, now);
      marks = marks.flatMap(([start, end]) => {
        if (end <= from) return [[start, end]];
        return start >= from + cut ? [[start - cut + added, end - cut + added]] : [];
      });
      marked = now;
      draw();
    },
  };
}

const COPIED = [
  'fontFamily',
  'fontSize',
  'fontWeight',
  'fontStyle',
  'fontVariantLigatures',
  'letterSpacing',
  'wordSpacing',
  'lineHeight',
  'textAlign',
  'textIndent',
  'tabSize',
  'unicodeBidi',
  'paddingTop',
  'paddingBottom',
  'paddingLeft',
  'paddingRight',
  'borderTopWidth',
  'borderBottomWidth',
  'borderLeftWidth',
  'borderRightWidth',
];

/** Where two texts differ: from which offset, how much was cut there, how much added. */
export function changed(before, now) {
  const shorter = Math.min(before.length, now.length);
  let from = 0;
  while (from < shorter && before[from] === now[from]) from += 1;
  let same = 0;
  while (same < shorter - from && before[before.length - 1 - same] === now[now.length - 1 - same]) same += 1;
  return [from, before.length - same - from, now.length - same - from];
}

/** Places in their order, joined where they touch and cut off at the end. */
export function merged(places, length) {
  const result = [];
  for (const [start, end] of places
    .map(([a, b]) => [Math.max(0, a), Math.min(b, length)])
    .sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (end <= start) continue;
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}
