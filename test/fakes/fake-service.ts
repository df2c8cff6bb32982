import type { EmbargoEntry, Instant, SensitivityEntry } from '../../src/core/entry.ts';
import type { Envelope, MessageKind, MessageState } from '../../src/core/message.ts';
import type { OpenedMessage } from '../../src/core/part.ts';
import type { FindingView } from '../../src/core/view.ts';
import type { Caller } from '../../src/service/ports.ts';
import type { Recall } from '../../src/service/recall-desk.ts';
import type { DraftInput, MessageView, Outcome, Refusal, Revealed, Service } from '../../src/service/service.ts';
import type { AuditCheck, NamedAct, Overview } from '../../src/service/stores.ts';
import type { BatchMail } from '../../src/service/view-batch.ts';
import { FakeDesk } from './fake-desk.ts';

export const FAKE_NOW: Instant = Date.parse('2016-01-20T09:15:00Z');
export const FAKE_LIFT: Instant = Date.parse('2016-01-20T09:30:00Z');

export function anEmbargo(change: Partial<EmbargoEntry> = {}): EmbargoEntry {
  return {
    id: 'labour-market-2016-01',
    title: 'UK Labour Market, January 2016',
    producer: 'Office for National Statistics',
    series: 'labour-market',
    page: 'https://www.example.org/labour-market',
    subjects: ['labour-market'],
    from: Date.parse('2016-01-13T00:00:00Z'),
    until: FAKE_LIFT,
    zone: 'Europe/London',
    preRelease: {
      opens: Date.parse('2016-01-19T09:30:00Z'),
      access: [{ email: 'analyst@department.example', role: 'Labour market analyst', declared: '2016-01-12' }],
    },
    custodians: ['*@statistics.example'],
    status: 'scheduled',
    figures: [{ measure: 'employment-rate', unit: 'percent', digests: ['digest-one', 'digest-two'] }],
    public: [{ measure: 'employment-rate', value: 73.9, unit: 'percent', release: 'labour-market-2015-12' }],
    quietUntil: null,
    ...change,
  };
}

export function aDataset(change: Partial<SensitivityEntry> = {}): SensitivityEntry {
  return {
    id: 'core-lettings-2016-17',
    title: 'CORE lettings 2016/17, record level',
    owner: 'core.team@department.example',
    classification: 'OFFICIAL-SENSITIVE',
    embargo: null,
    dataset: 'core-lettings',
    columns: ['TENANCYCODE', 'POSTCODE'],
    sketch: null,
    allowedRecipients: ['analyst@department.example'],
    ...change,
  };
}

export interface FakeMessage {
  readonly view: MessageView;
  readonly opened: OpenedMessage;
}

const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });
const refused = <T>(kind: Refusal['kind'], message: string): Outcome<T> => ({ ok: false, refusal: { kind, message } });

/** Holds every text with "record employment" and nothing else; keeps messages in memory. */
export class FakeService extends FakeDesk implements Service {
  readonly messages: FakeMessage[] = [];
  readonly embargoes: EmbargoEntry[] = [anEmbargo()];
  readonly datasets: SensitivityEntry[] = [aDataset()];
  readonly calls: { readonly name: string; readonly caller: Caller }[] = [];
  /** What was checked and not kept. */
  readonly drafts: DraftInput[] = [];
  /** Newest first. */
  readonly acts: NamedAct[] = [];
  recalls: Recall[] = [];
  columns: Revealed['columns'] = new Map();
  batch: BatchMail[] = [];
  auditCheck: AuditCheck = { ok: true, rows: 3 };
  overview: Overview = { days: [], lifts: [], heldNow: 0, oldestHeld: null, entries: [], decisions: [] };
  faults: readonly string[] = [];
  now: Instant = FAKE_NOW;
  failure: Error | null = null;
  readonly clock = { now: () => this.now, fixed: true };

  add(message: FakeMessage): void {
    this.messages.unshift(message);
  }

  async receive(input: { readonly content: Uint8Array; readonly envelope: Envelope }) {
    const view = this.judge('email', Buffer.from(input.content).toString('utf8'), input.envelope, null);
    return ok({ id: view.id });
  }

  async submitMessage(content: Uint8Array, envelope: Envelope, caller: Caller) {
    this.note('submitMessage', caller);
    return ok(this.judge('email', Buffer.from(content).toString('utf8'), envelope, null));
  }

  async submitDraft(draft: Parameters<Service['submitDraft']>[0], caller: Caller) {
    this.note('submitDraft', caller);
    const envelope = { from: draft.author, to: draft.recipients };
    return ok(this.judge('draft', draft.text, envelope, draft.publishAt));
  }

  async checkDraft(draft: Parameters<Service['submitDraft']>[0], caller: Caller) {
    this.note('checkDraft', caller);
    this.drafts.push(draft);
    const envelope = { from: draft.author, to: draft.recipients };
    const view = this.judge('draft', draft.text, envelope, draft.publishAt);
    this.messages.shift();
    return ok(view);
  }

  async listMessages(query: Parameters<Service['listMessages']>[0], caller: Caller) {
    this.note('listMessages', caller);
    const all = this.messages
      .map(({ view }) => view)
      .filter((view) => query.state === undefined || view.state === query.state)
      .filter((view) => query.sender === undefined || view.envelope.from.includes(query.sender))
      .filter((view) => query.entry === undefined || view.findings.some(({ entry }) => entry === query.entry))
      .filter(
        (view) => query.detector === undefined || view.findings.some(({ detector }) => detector === query.detector),
      )
      .filter((view) => query.search === undefined || view.envelope.from.includes(query.search));
    const start = query.after === undefined ? 0 : all.findIndex((view) => view.id === query.after) + 1;
    const items = all.slice(start, start + query.limit);
    return ok({ items, next: start + query.limit < all.length ? (items.at(-1)?.id ?? null) : null });
  }

  async countMessages(query: Parameters<Service['countMessages']>[0], caller: Caller) {
    const listed = await this.listMessages({ ...query, limit: Number.MAX_SAFE_INTEGER }, caller);
    return ok(listed.ok ? listed.value.items.length : 0);
  }

  async viewMessage(id: string, caller: Caller) {
    this.note('viewMessage', caller);
    const found = this.find(id);
    return found === undefined ? this.missing<MessageView>() : ok(found.view);
  }

  async revealMessage(id: string, caller: Caller) {
    this.note('revealMessage', caller);
    const found = this.find(id);
    if (found === undefined) return this.missing<Revealed>();
    return ok({ opened: found.opened, message: found.view, columns: this.columns });
  }

  async decideMessage(id: string, decision: Parameters<Service['decideMessage']>[1], caller: Caller) {
    this.note('decideMessage', caller);
    const at = this.messages.findIndex(({ view }) => view.id === id);
    const found = this.messages[at];
    if (found === undefined) return this.missing<MessageView>();
    if (found.view.state !== 'held')
      return refused<MessageView>('conflict', `This message is ${found.view.state}, not held.`);
    const state: MessageState =
      decision.action === 'reject' ? 'rejected' : decision.action === 'release' ? 'released' : 'held';
    const view = { ...found.view, state };
    this.messages[at] = { ...found, view };
    return ok(view);
  }

  async embargo(id: string, caller: Caller) {
    this.note('embargo', caller);
    const entry = this.embargoes.find((one) => one.id === id);
    return entry === undefined ? this.missing<EmbargoEntry>() : ok(entry);
  }

  async sensitivity(id: string, caller: Caller) {
    this.note('sensitivity', caller);
    const entry = this.datasets.find((one) => one.id === id);
    return entry === undefined ? this.missing<SensitivityEntry>() : ok(entry);
  }

  async putEmbargo(id: string, entry: unknown, caller: Caller) {
    this.note('putEmbargo', caller);
    const title = (entry as Readonly<Record<string, unknown>>)['title'];
    if (typeof title !== 'string') return refused<EmbargoEntry>('invalid', 'title: is missing, name the release');
    const next = anEmbargo({ id, title });
    this.embargoes.push(next);
    return ok(next);
  }

  async putSensitivity(id: string, entry: unknown, caller: Caller) {
    this.note('putSensitivity', caller);
    const title = (entry as Readonly<Record<string, unknown>>)['title'];
    if (typeof title !== 'string') return refused<SensitivityEntry>('invalid', 'title: is missing, name the dataset');
    const next = aDataset({ id, title });
    this.datasets.push(next);
    return ok(next);
  }

  async registers(caller: Caller) {
    this.note('registers', caller);
    return ok({ embargoes: this.embargoes, sensitivity: this.datasets });
  }

  async auditTrail(query: Parameters<Service['auditTrail']>[0], caller: Caller) {
    this.note('auditTrail', caller);
    const { limit, before = Number.POSITIVE_INFINITY, target, action, actor } = query;
    const rows = this.acts
      .filter((row) => row.seq < before && (target === undefined || row.target === target))
      .filter((row) => (action ?? row.action) === row.action && (actor ?? row.actor) === row.actor);
    return ok({ items: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.seq ?? null) : null });
  }

  async messageHistory(id: string, caller: Caller) {
    this.note('messageHistory', caller);
    return ok(this.acts.filter(({ target }) => target === id));
  }

  async probingAlerts(caller: Caller) {
    this.note('probingAlerts', caller);
    return ok(this.acts.filter(({ action }) => action === 'probing.suspected'));
  }

  async verifyAudit(caller: Caller) {
    this.note('verifyAudit', caller);
    return ok(this.auditCheck);
  }

  async viewBatch(_id: string, caller: Caller) {
    this.note('viewBatch', caller);
    return ok(this.batch);
  }

  async recallSummaries(caller: Caller) {
    this.note('recallSummaries', caller);
    return ok(this.recalls.map(({ mails: _, ...scan }) => scan));
  }

  async recall(entry: string, caller: Caller) {
    this.note('recall', caller);
    const recall = this.recalls.find((one) => one.entry === entry);
    return recall === undefined ? refused<Recall>('not-found', 'no such recall') : ok(recall);
  }

  async confirmDeletion(confirmation: Parameters<Service['confirmDeletion']>[0], caller: Caller) {
    this.note('confirmDeletion', caller);
    return this.recall(confirmation.entry, caller);
  }

  async oversee(_days: number, caller: Caller) {
    this.note('oversee', caller);
    return ok(this.overview);
  }

  async readiness() {
    return this.faults;
  }

  private note(name: string, caller: Caller): void {
    this.calls.push({ name, caller });
    if (this.failure !== null) throw this.failure;
  }

  private find(id: string): FakeMessage | undefined {
    return this.messages.find(({ view }) => view.id === id);
  }

  private missing<T>(): Outcome<T> {
    return refused<T>('not-found', 'There is no such thing here; check the id.');
  }

  private judge(kind: MessageKind, text: string, envelope: Envelope, publishAt: Instant | null): MessageView {
    const effectiveAt = Math.max(this.now, publishAt ?? 0);
    const findings: FindingView[] =
      effectiveAt >= FAKE_LIFT
        ? []
        : [...text.matchAll(/record employment/gi)].map((match) => aFinding(match.index, match[0].length));
    const held = findings.length > 0;
    const view: MessageView = {
      id: `msg-${this.messages.length + 1}`,
      kind,
      state: held ? 'held' : 'cleared',
      verdict: held ? 'hold' : 'pass',
      holdUntil: held ? FAKE_LIFT : null,
      effectiveAt,
      receivedAt: this.now,
      envelope,
      messageId: null,
      subject: null,
      findings,
      incomplete: [],
      mayReveal: true,
    };
    const opened: OpenedMessage = {
      parts: [{ path: 'body', type: 'text/plain', bytes: text.length, content: { kind: 'text', role: 'body', text } }],
      headers: null,
    };
    this.add({ view, opened });
    return view;
  }
}

export function aFinding(start: number, length: number, change: Partial<FindingView> = {}): FindingView {
  return {
    detector: 'direction',
    rule: 'record-level-of-measure',
    entry: 'labour-market-2016-01',
    path: 'body',
    span: { start, end: start + length },
    severity: 'high',
    summary: 'Indicates the level of a labour market measure before UK Labour Market, January 2016 is published.',
    ...change,
  };
}
