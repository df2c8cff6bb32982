import type { Command } from './command.ts';

/** The commands, loaded one at a time so that a short draft pays for none of the others. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  scan: async () => (await import('./scan.ts')).scan,
  // One line a command: `name: async () => (await import('./name.ts')).name,`
  open: async () => (await import('./open.ts')).open,
  registers: async () => (await import('./registers.ts')).registers,
  serve: async () => (await import('./serve.ts')).serve,
  'smtp-user': async () => (await import('./smtp-user.ts')).smtpUser,
  worker: async () => (await import('./worker.ts')).worker,
  fingerprint: async () => (await import('./fingerprint.ts')).fingerprint,
  doctor: async () => (await import('./doctor.ts')).doctor,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  keys: async () => (await import('./keys.ts')).keys,
  config: async () => (await import('./config.ts')).config,
  audit: async () => (await import('./audit.ts')).audit,
  rules: async () => (await import('./rules.ts')).rules,
  evaluate: async () => (await import('./evaluate.ts')).evaluate,
  replay: async () => (await import('./replay.ts')).replay,
  completion: async () => (await import('./completion.ts')).completion,
  man: async () => (await import('./man.ts')).man,
};
