import type { ByteSource } from '../core/byte-source.ts';
import type { MessageKind } from '../core/message.ts';
import { ownValue } from '../core/own-value.ts';
import {
  type IncompleteReason,
  type MailHeaders,
  type OpenedMessage,
  type OpenedPart,
  PATH_SEPARATOR,
  type PartContent,
} from '../core/part.ts';
import { Budget, type Limits } from '../extract/budget.ts';
import { detectType } from '../extract/detect-type.ts';
import type { ExtractContext, Extractor, Piece, RawPart } from '../extract/extractor.ts';
import type { ExtractorListing } from '../extract/index.ts';
import type { EveryCell } from '../extract/table-builder.ts';
import { Unreadable } from '../extract/unreadable.ts';
import { draftPieces } from './draft-pieces.ts';
import { LearnedPasswords } from './learned-passwords.ts';
import { baseName, cleanStep, restOf } from './part-step.ts';
import { disagreement } from './type-disagreement.ts';
import { UniquePaths } from './unique-paths.ts';

export interface RootPart {
  readonly kind: MessageKind;
  readonly name: string;
  readonly source: ByteSource;
}

export interface OpenDeps {
  readonly extractors: readonly ExtractorListing[];
  readonly limits: Limits;
  /** Monotonic clock, ms. */
  readonly now: () => number;
  readonly everyCell?: EveryCell;
  readonly passwords?: readonly string[];
  readonly readPixels?: NonNullable<ExtractContext['readPixels']>;
  readonly pdfReader?: NonNullable<ExtractContext['pdfReader']>;
  readonly runInTime?: NonNullable<ExtractContext['runInTime']>;
  readonly firstRows?: number;
}

const TEXT_READINGS: Readonly<Record<string, string>> = {
  'message/rfc822': 'message/rfc822',
  'message/global': 'message/rfc822',
  'text/html': 'text/html',
  'application/xhtml+xml': 'text/html',
};

const TABLE_TYPE = 'text/tab-separated-values';

type Unopened = Omit<RawPart, 'path' | 'type'>;

/** A part being opened: its pieces still to come, and the slot in the result that its own content takes. */
interface Frame {
  readonly part: RawPart;
  readonly pieces: Iterator<Piece> | AsyncIterator<Piece>;
  readonly slot: number;
  filled: boolean;
  /** Whether the first part below is our own note on its type. */
  readonly hasNote: boolean;
}

/**
 * Opens a message into its parts, in message order, under one budget.
 *
 * Every part ends as text, table, container or incomplete; what an extractor throws costs its own part its completeness and
 * no other. Nesting costs no stack. Paths are unique.
 */
export async function openParts(root: RootPart, deps: OpenDeps): Promise<OpenedMessage> {
  const start = deps.now();
  const opening = new Opening(root, deps);
  const opened = await opening.run();
  const late = opening.passwords.late();
  const time = deps.limits.time - (deps.now() - start);
  if (late === null || time < deps.limits.time / 4) return opened;
  // The password stood behind what it opens: once more, with what is left of the time.
  return new Opening(root, { ...deps, passwords: late, limits: { ...deps.limits, time } }).run();
}

class Opening {
  readonly passwords: LearnedPasswords;
  private readonly root: RootPart;
  private readonly deps: OpenDeps;
  private readonly context: ExtractContext;
  private readonly paths = new UniquePaths();
  private readonly opened: OpenedPart[] = [];
  private readonly frames: Frame[] = [];
  private headers: MailHeaders | null = null;

  constructor(root: RootPart, deps: OpenDeps) {
    this.root = root;
    this.deps = deps;
    this.passwords = new LearnedPasswords(deps.passwords ?? []);
    this.context = {
      budget: new Budget(deps.limits, deps.now),
      everyCell: deps.everyCell ?? false,
      passwords: this.passwords.known,
      ...(deps.readPixels === undefined ? {} : { readPixels: deps.readPixels }),
      ...(deps.pdfReader === undefined ? {} : { pdfReader: deps.pdfReader }),
      ...(deps.runInTime === undefined ? {} : { runInTime: deps.runInTime }),
      ...(deps.firstRows === undefined ? {} : { firstRows: deps.firstRows }),
    };
  }

  async run(): Promise<OpenedMessage> {
    const { kind, name, source } = this.root;
    const path = this.paths.claim(kind === 'draft' ? 'body' : baseName(name));
    await this.open(path, { name: baseName(name), declaredType: null, source });
    const { budget } = this.context;
    for (let frame = this.frames.at(-1); frame !== undefined && budget.spent === null; frame = this.frames.at(-1)) {
      try {
        const next = frame.pieces.next();
        const step = next instanceof Promise ? await next : next;
        if (step.done === true) {
          this.endEmpty(frame);
          this.frames.pop();
          continue;
        }
        const taken = this.take(frame, step.value);
        if (taken !== null) await taken;
      } catch (error) {
        this.fail(frame, error);
      }
    }
    this.endSpent();
    return { parts: this.opened, headers: this.headers };
  }

  /** Bytes that an opener made nothing of are not clean for it. */
  private endEmpty(frame: Frame): void {
    if (frame.filled || frame.part.source.size === 0) return;
    const inside = this.opened.length - frame.slot - 1;
    if (inside > (frame.hasNote ? 1 : 0)) return;
    this.fileIncomplete(frame, null, 'corrupt', 'nothing was found in it');
  }

  /** A message that has run out is left where it is, and says so at its root: what follows was not looked at. */
  private endSpent(): void {
    const { spent } = this.context.budget;
    const [root] = this.frames;
    if (spent !== null && root !== undefined) this.fileIncomplete(root, null, spent.reason, spent.message);
  }

  /** Files one piece; a promise only where a part has to be opened. */
  private take(frame: Frame, piece: Piece): Promise<void> | null {
    const { budget } = this.context;
    switch (piece.kind) {
      case 'headers':
        if (this.frames.length === 1) this.headers = piece.headers;
        return null;
      case 'text': {
        budget.takePart();
        const { role } = piece;
        if (role === 'body' || role === 'subject' || role === 'document') this.passwords.learn(piece.text);
        const hidden = piece.hidden === undefined ? {} : { hidden: piece.hidden };
        const type = piece.type ?? 'text/plain';
        this.fileText(frame, piece.step, type, { kind: 'text', role, text: piece.text, ...hidden });
        return null;
      }
      case 'table':
        budget.takePart();
        this.fileText(frame, piece.step, TABLE_TYPE, { kind: 'table', table: piece.table, text: piece.text });
        if (piece.isProseCut === true)
          this.fileIncomplete(frame, restOf(piece.step), 'too-large', 'its cells have more than 16 MB of sentences');
        return null;
      case 'incomplete':
        budget.takePart();
        this.fileIncomplete(frame, piece.step, piece.reason, piece.detail);
        return null;
      case 'part': {
        budget.takePart();
        const { name, declaredType, charset = null, source } = piece;
        return this.open(this.childPath(frame, piece.step), { name, declaredType, charset, source });
      }
    }
  }

  private async open(path: string, raw: Unopened): Promise<void> {
    const { budget } = this.context;
    const slot = this.opened.length;
    this.opened.push({
      path,
      type: raw.declaredType ?? 'application/octet-stream',
      bytes: raw.source.size,
      content: { kind: 'container' },
    });
    try {
      if (this.frames.length >= budget.limits.depth)
        throw new Unreadable('too-deep', `parts nested more than ${budget.limits.depth} deep`);
      const type = await this.typeOf(raw);
      this.opened[slot] = { ...(this.opened[slot] as OpenedPart), type };
      const part: RawPart = { path, type, ...raw };
      const pieces = (await this.draftsOwn(part)) ?? (await this.extract(part));
      const iterator = Symbol.iterator in pieces ? pieces[Symbol.iterator]() : pieces[Symbol.asyncIterator]();
      const note = disagreement(raw.name, raw.declaredType, type);
      const frame: Frame = { part, pieces: iterator, slot, filled: false, hasNote: note !== null };
      this.frames.push(frame);
      if (note !== null)
        this.file(frame, 'type', 'text/plain', note.length, { kind: 'text', role: 'metadata', text: note });
    } catch (error) {
      const { reason, detail } = asReason(error);
      this.opened[slot] = { ...(this.opened[slot] as OpenedPart), content: { kind: 'incomplete', reason, detail } };
    }
  }

  private draftsOwn(part: RawPart): Promise<Iterable<Piece> | null> | null {
    if (this.root.kind !== 'draft' || this.frames.length > 0) return null;
    return draftPieces(part.source, part.type);
  }

  private async extract(part: RawPart): Promise<Iterable<Piece> | AsyncIterable<Piece>> {
    const listing = this.deps.extractors.find((one) => one.types.includes(part.type));
    if (listing === undefined) throw new Unreadable('unsupported', `no opener for ${part.type}`);
    const extractor = loaded.get(listing) ?? (await load(listing));
    return extractor.extract(part, this.context);
  }

  private async typeOf(raw: Unopened): Promise<string> {
    if (this.frames.length === 0 && this.root.kind === 'email') return 'message/rfc822';
    const type = await detectType(raw.source, this.context.budget);
    // Text that shows no format of its own is read as what it was sent as: a mail of one header, a page of one entity.
    const sentAs = type === 'text/plain' ? ownValue(TEXT_READINGS, raw.declaredType ?? '') : undefined;
    return sentAs ?? type;
  }

  private childPath(frame: Frame, step: string): string {
    const above = frame.slot === 0 && frame.part.type === 'message/rfc822' ? '' : frame.part.path;
    const clean = cleanStep(step);
    return this.paths.claim(above === '' ? clean : `${above}${PATH_SEPARATOR}${clean}`);
  }

  /** Files a text or table as far as there is room for its text; what there is none for is incomplete. */
  private fileText(frame: Frame, step: string | null, type: string, content: PartContent & { text: string }): void {
    const { text } = content;
    const kept = this.context.everyCell === false ? this.context.budget.takeText(text.length) : text.length;
    const shown = kept === text.length ? content : { ...content, text: text.slice(0, kept) };
    this.file(frame, step, type, Buffer.byteLength(text), shown);
    if (!(kept >= text.length)) {
      this.fileIncomplete(frame, restOf(step), 'too-large', 'the message has more text than is read');
    }
  }

  private file(frame: Frame, step: string | null, type: string, bytes: number, content: PartContent): void {
    if (step === null && !frame.filled) {
      frame.filled = true;
      this.opened[frame.slot] = { ...(this.opened[frame.slot] as OpenedPart), content };
      return;
    }
    this.opened.push({ path: this.childPath(frame, step ?? 'more'), type, bytes, content });
  }

  private fileIncomplete(
    frame: Frame,
    step: string | null,
    reason: IncompleteReason,
    detail: string | undefined,
  ): void {
    const content: PartContent = { kind: 'incomplete', reason, ...(detail === undefined ? {} : { detail }) };
    if (reason === 'encrypted') this.passwords.noteLocked();
    const slot = this.opened[frame.slot] as OpenedPart;
    // What was read before the fault keeps the part's own path; what was not read is the rest.
    const own = step === null && frame.filled && slot.content.kind !== 'incomplete' ? 'rest' : step;
    this.file(frame, own, slot.type, own === null ? slot.bytes : 0, content);
  }

  private fail(frame: Frame, error: unknown): void {
    this.frames.length = this.frames.indexOf(frame);
    const { reason, detail } = asReason(error);
    this.fileIncomplete(frame, null, reason, detail);
  }
}

const loaded = new Map<ExtractorListing, Extractor>();

async function load(listing: ExtractorListing): Promise<Extractor> {
  const extractor = await listing.load();
  loaded.set(listing, extractor);
  return extractor;
}

/** A fault the extractor knew, or one it did not: parsers throw in their own ways on damaged bytes. */
function asReason(error: unknown): { readonly reason: IncompleteReason; readonly detail: string } {
  if (error instanceof Unreadable) return { reason: error.reason, detail: error.message };
  const said = error instanceof Error ? error.message : String(error);
  return { reason: 'corrupt', detail: `the opener failed: ${said.slice(0, 200)}` };
}
