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
  private count = 0;

  async byToken(token: string): Promise<Caller | null> {
    const roles = /^token-([a-z+]+)$/.exec(token)?.[1];
    return roles === undefined ? null : aCaller(roles.split('+').filter((role) => role !== 'none') as Role[]);
  }

  async bySession(key: string): Promise<Caller | null> {
    return this.sessions.get(key) ?? null;
  }

  async signIn(name: string, password: string) {
    const caller = this.people.get(name);
    if (caller === undefined || password !== 'correct horse') return null;
    this.count += 1;
    const session = `session-key-${this.count}`;
    this.sessions.set(session, caller);
    return { session, caller };
  }

  async signOut(session: string): Promise<void> {
    this.sessions.delete(session);
  }
}
