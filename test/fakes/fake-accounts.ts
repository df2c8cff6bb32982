import type { ExternalPerson, SignIn } from '../../src/service/accounts.ts';
import type { Caller, Role } from '../../src/service/ports.ts';
import type { Accounts } from '../../src/service/service.ts';

export function aCaller(roles: readonly Role[], change: Partial<Caller> = {}): Caller {
  return { id: `caller-${roles.join('-')}`, name: 'A person', address: 'person@department.example', roles, ...change };
}

/** Tokens are `token-` and the roles joined by `+`; the password of everybody is `correct horse`. */
export class FakeAccounts implements Accounts {
  readonly sessions = new Map<string, Caller>();
  readonly people = new Map<string, Caller>([
    ['admin', aCaller(['submitter', 'reviewer', 'registrar', 'auditor', 'admin'], { name: 'admin' })],
    ['officer', aCaller(['submitter'], { name: 'Comms officer' })],
    ['reviewer', aCaller(['reviewer'], { name: 'Reviewer' })],
  ]);
  /** Names of those who have a second factor; its code is `123456`. */
  readonly withFactor = new Set<string>();
  private readonly visits = new Map<string, string>();
  private count = 0;

  async byToken(token: string): Promise<Caller | null> {
    const roles = /^token-([a-z+]+)$/.exec(token)?.[1];
    return roles === undefined ? null : aCaller(roles.split('+').filter((role) => role !== 'none') as Role[]);
  }

  async bySession(key: string): Promise<Caller | null> {
    return this.sessions.get(key) ?? null;
  }

  async signIn(name: string, password: string): Promise<SignIn> {
    const caller = this.people.get(name);
    if (caller === undefined || password !== 'correct horse') return { kind: 'refused' };
    if (this.withFactor.has(name)) return { kind: 'code', step: `step-${name}` };
    return this.open(caller);
  }

  async signInWithCode(step: string, code: string): Promise<SignIn> {
    const caller = this.people.get(/^step-(.*)$/.exec(step)?.[1] ?? '');
    return caller === undefined || code !== '123456' ? { kind: 'refused' } : this.open(caller);
  }

  async signInWithNewPassword(): Promise<SignIn> {
    return { kind: 'refused' };
  }

  async signInExternal(person: ExternalPerson): Promise<SignIn> {
    return this.open(aCaller(person.roles, { id: person.subject, name: person.name, address: person.address }));
  }

  async keepVisit(detail: string): Promise<string> {
    this.visits.set(`visit-${this.visits.size + 1}`, detail);
    return `visit-${this.visits.size}`;
  }

  async takeVisit(key: string): Promise<string | null> {
    const kept = this.visits.get(key) ?? null;
    this.visits.delete(key);
    return kept;
  }

  private open(caller: Caller): SignIn {
    this.count += 1;
    const session = `session-key-${this.count}`;
    this.sessions.set(session, caller);
    return { kind: 'open', session, caller };
  }

  async signOut(session: string): Promise<void> {
    this.sessions.delete(session);
  }
}
