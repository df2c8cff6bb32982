/**
 * A bookmark that takes what is selected, or typed in the box with the caret, to the check page.
 *
 * The draft goes behind the `#`, which a browser keeps to itself: no server's log ever has it.
 */
export function bookmarklet(origin: string): string {
  const script = `(()=>{const a=document.activeElement,v=a&&typeof a.value=="string"&&a.type!="password"?a.value:"";open(${JSON.stringify(`${origin}/check#`)}+new URLSearchParams({text:String(getSelection())||v||(a&&a.isContentEditable?a.innerText:"")}),"_blank","noopener")})()`;
  return `javascript:${encodeURIComponent(script)}`;
}
