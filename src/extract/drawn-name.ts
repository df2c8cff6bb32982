/** Names that a program gives: a word and a number (`Picture 3`, `Grafik 18`, `Shape3`), the words most of them begin with, a place in a list. */
const BY_PROGRAM =
  /^(?:.*\s\d{1,3}|\p{L}*\d{1,3}||(?:picture|image|graphic|chart|diagram|object|rectangle|oval|line|shape|table|frame|group|textbox)|Google Shape;.*)$/isu;
/** A picture's name is that of its file at times. */
const FILE_NAME = /\.[a-z]\w{2,3}$/i;

/** The name of a drawn object where somebody gave it, as the selection pane of Office shows it; undefined where a program did. */
export function drawnName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return FILE_NAME.test(name) || !BY_PROGRAM.test(name.trim()) ? name : undefined;
}
