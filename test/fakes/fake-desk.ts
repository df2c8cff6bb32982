import type { IncidentDesk, IncidentView } from '../../src/service/incident-desk.ts';
import type { ReportFields } from '../../src/service/incident-record.ts';
import type { FalseAlarmView, MessageDesk, MessageSurroundings } from '../../src/service/message-desk.ts';
import type { Oversight, OversightDesk } from '../../src/service/oversight-desk.ts';
import type { Caller } from '../../src/service/ports.ts';
import type { ChangeInput } from '../../src/service/read-change.ts';
import type { Outcome } from '../../src/service/service.ts';
import type { SilentHitView, SilentTrialView } from '../../src/service/silent-trials.ts';
import type { TrialDesk, TrialInput } from '../../src/service/trial-desk.ts';

const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });

/** What stands beside messages, as a test sets it. */
export class FakeDesk implements MessageDesk, IncidentDesk, OversightDesk, TrialDesk {
  seen: Oversight = { rules: [], incomplete: [], waits: [], nearMisses: [] };
  reports: IncidentView[] = [];
  beside: Partial<MessageSurroundings> = {};
  alarms: FalseAlarmView[] = [];
  added: { readonly mails: readonly string[]; readonly added: readonly string[] } = { mails: [], added: [] };
  readonly deskCalls: { readonly name: string; readonly caller: Caller; readonly input?: unknown }[] = [];

  async surroundings(_id: string, caller: Caller) {
    this.deskCalls.push({ name: 'surroundings', caller });
    const none = { recipients: [], releasePeople: 1, proposals: [], sorted: null, similar: [] };
    return ok<MessageSurroundings>({ ...none, ...this.beside });
  }

  async addedTo(_messageIds: readonly string[], _id: string, caller: Caller) {
    this.deskCalls.push({ name: 'addedTo', caller });
    return ok(this.added);
  }

  async falseAlarms(caller: Caller) {
    this.deskCalls.push({ name: 'falseAlarms', caller });
    return ok<readonly FalseAlarmView[]>(this.alarms);
  }

  async proposeFalseAlarm(input: Parameters<MessageDesk['proposeFalseAlarm']>[0], caller: Caller) {
    this.deskCalls.push({ name: 'proposeFalseAlarm', caller, input });
    return ok({ id: 'alarm-1' });
  }

  async settleFalseAlarm(id: string, how: 'approve' | 'refuse' | 'revoke', caller: Caller) {
    this.deskCalls.push({ name: `settleFalseAlarm ${how}`, caller });
    return ok({ id });
  }

  async tryChange(input: TrialInput, caller: Caller) {
    this.deskCalls.push({ name: 'tryChange', caller, input });
    return ok({ target: 'gdp', judged: 0, leftOut: 0, lines: [], traces: null });
  }

  silent: SilentTrialView[] = [];
  silentHits: SilentHitView[] = [];

  async startSilentTrial(input: ChangeInput, days: number, caller: Caller) {
    this.deskCalls.push({ name: 'startSilentTrial', caller, input: { ...input, days } });
    return ok({ id: 'trial-1' });
  }

  async endSilentTrial(id: string, caller: Caller) {
    this.deskCalls.push({ name: 'endSilentTrial', caller });
    return ok({ id });
  }

  async silentTrials(caller: Caller) {
    this.deskCalls.push({ name: 'silentTrials', caller });
    return ok<readonly SilentTrialView[]>(this.silent);
  }

  async silentTrial(id: string, caller: Caller) {
    this.deskCalls.push({ name: 'silentTrial', caller });
    const trial = this.silent.find((one) => one.id === id);
    return trial === undefined
      ? ({ ok: false, refusal: { kind: 'not-found', message: 'there is no such silent trial' } } as const)
      : ok({ trial, hits: this.silentHits });
  }

  async oversight(_days: number, caller: Caller) {
    this.deskCalls.push({ name: 'oversight', caller });
    return ok(this.seen);
  }

  async incidents(caller: Caller) {
    this.deskCalls.push({ name: 'incidents', caller });
    return ok<readonly IncidentView[]>(this.reports);
  }

  async incident(id: string, caller: Caller): Promise<Outcome<IncidentView>> {
    this.deskCalls.push({ name: 'incident', caller });
    const found = this.reports.find((one) => one.id === id);
    return found === undefined
      ? { ok: false, refusal: { kind: 'not-found', message: 'there is no such incident' } }
      : ok(found);
  }

  async openIncident(message: string | null, caller: Caller) {
    this.deskCalls.push({ name: 'openIncident', caller, input: message });
    return ok({ id: 'incident-1' });
  }

  async saveIncident(id: string, fields: ReportFields, caller: Caller) {
    this.deskCalls.push({ name: 'saveIncident', caller, input: fields });
    return ok({ id });
  }

  async confirmIncident({ id, ...input }: Parameters<IncidentDesk['confirmIncident']>[0], caller: Caller) {
    this.deskCalls.push({ name: 'confirmIncident', caller, input });
    return ok({ id });
  }

  async noteExport(id: string, format: string, caller: Caller) {
    this.deskCalls.push({ name: 'noteExport', caller, input: format });
    return ok({ id });
  }
}
