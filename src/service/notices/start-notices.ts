import { type NoticeDeps, tellPeople } from './tell-people.ts';

const EVERY_MS = 3000;

/** Tells people what they are to be told for as long as it runs. What fails is tried again; nobody waits for it. */
export function startNotices(deps: NoticeDeps, everyMs: number = EVERY_MS): { stop(): Promise<void> } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();

  function next(): void {
    current = tellPeople(deps)
      .catch((err: unknown) => deps.log.warn({ err }, 'notices could not be sent, they are tried again'))
      .then(() => {
        if (!isStopped) timer = setTimeout(next, everyMs);
      });
  }

  next();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
