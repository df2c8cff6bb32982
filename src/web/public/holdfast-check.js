/**
 * <holdfast-check token="..." for="css selector of a text area"></holdfast-check>
 *
 * Judges a draft on a page of your own: <script src="https://HOLDFAST/embed/holdfast-check.js" defer></script> and this element.
 * It talks to the Holdfast it came from and to nobody else, keeps nothing, and fires `holdfast-verdict` with the answer.
 * While there is no answer to what is in the box, its verdict is null, never "pass".
 */
(() => {
  const HOME = new URL(document.currentScript.src).origin;
  const DEBOUNCE_MS = 250;
  const STYLE = `
    :host { display: block; font: inherit; color: #0b0c0c; }
    :host([hidden]) { display: none; }
    label { display: block; font-weight: bold; margin-bottom: 4px; }
    textarea { box-sizing: border-box; width: 100%; font: inherit; padding: 6px; border: 2px solid #0b0c0c; }
    .answer { border-left: 8px solid #484949; background: #f3f2f1; padding: 10px 14px; margin-top: 8px; overflow-wrap: anywhere; }
    .answer[data-verdict="hold"] { border-color: #a80f1f; background: #fcf0f1; }
    .answer[data-verdict="pass"] { border-color: #0b6b3a; background: #eef7f1; }
    .answer[data-verdict="flag"] { border-color: #ffdd00; background: #fff9db; }
    .heading { font-weight: bold; font-size: 1.1em; margin: 0 0 4px; }
    .answer[aria-busy]::before { content: "Checking…"; font-weight: bold; }
    p { margin: 0 0 6px; }
    ul { margin: 0 0 6px; padding-left: 1.2em; }
    a { color: #0f4c81; }
    a:focus-visible, textarea:focus-visible { outline: 3px solid #ffdd00; outline-offset: 0; box-shadow: inset 0 0 0 2px #0b0c0c; }
  `;
  const SIGNS = { pass: '✓', flag: '!', hold: '✕' };

  class HoldfastCheck extends HTMLElement {
    static observedAttributes = ['for', 'channel', 'publish-at', 'token', 'value'];
    #root = this.attachShadow({ mode: 'open' });
    #box = null;
    #own = null;
    #timer;
    #running = null;
    #heading;
    #rest;
    #answer;
    #onInput = () => this.#soon();
    /** The newest answer, or null while there is none to what is in the box. */
    verdict = null;

    constructor() {
      super();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      this.#root.adoptedStyleSheets = [sheet];
      this.#answer = element('div', { className: 'answer', hidden: true });
      this.#heading = element('p', { className: 'heading' });
      this.#heading.setAttribute('role', 'status');
      this.#rest = element('div', {});
      this.#answer.append(this.#rest);
      // The status line stays in the tree from the start: what appears with its words is not read out everywhere.
      this.#answer.prepend(this.#heading);
      this.#root.append(this.#answer);
    }

    connectedCallback() {
      this.#bind();
      this.#soon();
    }

    disconnectedCallback() {
      this.#box?.removeEventListener('input', this.#onInput);
      clearTimeout(this.#timer);
      this.#running?.abort();
    }

    attributeChangedCallback(name) {
      if (!this.isConnected) return;
      if (name === 'for') this.#bind();
      this.#soon();
    }

    /** For editors that are no text area: what to judge. */
    set value(text) {
      this.setAttribute('value', text);
    }

    get value() {
      // biome-ignore lint/performance/useDomNodeTextContent: an editor's lines are apart in what it shows alone
      return this.getAttribute('value') ?? this.#box?.value ?? this.#box?.innerText ?? '';
    }

    #bind() {
      this.#box?.removeEventListener('input', this.#onInput);
      const wanted = this.getAttribute('for');
      this.#box = wanted === null ? this.#ownBox() : document.querySelector(wanted);
      this.#box?.addEventListener('input', this.#onInput);
    }

    #ownBox() {
      if (this.#own === null && !this.hasAttribute('value')) {
        const label = element('label', { textContent: this.getAttribute('label') ?? 'Draft', htmlFor: 'draft' });
        this.#own = element('textarea', { id: 'draft', rows: 5, dir: 'auto' });
        this.#root.prepend(label, this.#own);
      }
      return this.#own;
    }

    #soon() {
      this.#settle(null);
      clearTimeout(this.#timer);
      this.#running?.abort();
      if (this.#box === null && !this.hasAttribute('value')) {
        this.#say('There is no text to check: `for` points at nothing on this page.');
        return;
      }
      if (this.value.trim() === '') {
        this.#heading.textContent = '';
        this.#rest.replaceChildren();
        this.#answer.hidden = true;
        return;
      }
      this.#answer.hidden = false;
      this.#answer.removeAttribute('data-verdict');
      this.#answer.setAttribute('aria-busy', 'true');
      this.#heading.textContent = '';
      this.#rest.replaceChildren();
      this.#timer = setTimeout(() => this.#check(), DEBOUNCE_MS);
    }

    async #check() {
      const own = new AbortController();
      this.#running = own;
      const publishAt = this.getAttribute('publish-at');
      try {
        const answer = await fetch(`${HOME}/embed/check`, {
          method: 'POST',
          credentials: 'omit',
          referrerPolicy: 'origin',
          headers: { authorization: `Bearer ${this.getAttribute('token') ?? ''}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            text: this.value,
            channel: this.getAttribute('channel') ?? 'other',
            ...(publishAt ? { publishAt } : {}),
          }),
          signal: own.signal,
        });
        const body = await answer.json();
        if (own !== this.#running) return;
        if (answer.ok) this.#show(body);
        else this.#say(`Holdfast has not judged this draft: ${body.detail ?? 'it cannot at the moment.'}`);
      } catch (error) {
        if (own === this.#running && error.name !== 'AbortError')
          this.#say('Holdfast does not answer, so this draft is not judged. Do not publish it yet.');
      }
    }

    #show(answer) {
      this.#open(`${SIGNS[answer.verdict] ?? '✕'} ${answer.heading}`);
      this.#answer.dataset.verdict = answer.verdict;
      const link = element('a', {
        textContent: 'Open it in Holdfast',
        target: '_blank',
        rel: 'noopener',
        href: `${HOME}/check`,
      });
      // Behind the #, which no server is ever sent.
      link.addEventListener('click', () => {
        link.href = `${HOME}/check#${new URLSearchParams({ text: this.value })}`;
      });
      const list = element('ul', {});
      list.append(...answer.reasons.map(({ summary }) => element('li', { textContent: summary })));
      this.#rest.replaceChildren(
        element('p', { textContent: answer.next }),
        ...(answer.reasons.length > 0 ? [list] : []),
        ...(answer.sayInstead ? [element('p', { textContent: `What you can say now: ${answer.sayInstead}` })] : []),
        link,
      );
      this.#settle(answer);
    }

    #say(sentence) {
      this.#open(sentence);
      this.#rest.replaceChildren();
      this.#settle(null);
    }

    #open(heading) {
      this.#answer.hidden = false;
      this.#answer.removeAttribute('aria-busy');
      this.#answer.removeAttribute('data-verdict');
      if (this.#heading.textContent !== heading) this.#heading.textContent = heading;
    }

    #settle(answer) {
      if (this.verdict === null && answer === null) return;
      this.verdict = answer;
      this.dispatchEvent(new CustomEvent('holdfast-verdict', { detail: answer, bubbles: true, composed: true }));
    }
  }

  function element(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }

  if (!customElements.get('holdfast-check')) customElements.define('holdfast-check', HoldfastCheck);
})();
