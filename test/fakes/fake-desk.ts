import type { FalseAlarmView, MessageDesk, MessageSurroundings } from '../../src/service/message-desk.ts';
import type { Caller } from '../../src/service/ports.ts';
import type { Outcome } from '../../src/service/service.ts';

const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });

/** What stands beside messages, as a test sets it. */
export class FakeDesk implements MessageDesk {
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
}
