#!/usr/bin/env node
// Exit 0 where the server of this container lives. Readiness is another question: /readyz, which says what is wrong.
const at = process.env.HOLDFAST_HTTP ?? '127.0.0.1:8080';
const port = at.slice(at.lastIndexOf(':') + 1);
try {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(4000) });
  process.exitCode = answer.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
