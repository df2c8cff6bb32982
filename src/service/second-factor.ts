import { Secret, TOTP } from 'otpauth';

const ISSUER = 'Holdfast';
const PERIOD_S = 30;
/** Steps before and after that count too: clocks differ, and typing takes time (RFC 6238, section 5.2). */
const WINDOW = 1;
const SECRET_BYTES = 20;

/** A fresh secret in base32, 160 bits (RFC 4226, section 4, R6). */
export function newFactorSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The `otpauth://` link that an authenticator app enrols by. */
export function factorLink(secret: string, account: string): string {
  return totp(secret, account).toString();
}

/** The time step whose code was given, in steps of 30 s since the epoch; null where it is no code of about now. */
export function stepOfCode(secret: string, code: string, now: number): number | null {
  const digits = code.replaceAll(/[\s-]/g, '');
  if (!/^\d{6}$/.test(digits)) return null;
  const delta = totp(secret, '').validate({ token: digits, timestamp: now, window: WINDOW });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_S) + delta;
}

/** The code of an instant, as an authenticator app shows it. */
export function codeAt(secret: string, now: number): string {
  return totp(secret, '').generate({ timestamp: now });
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({ issuer: ISSUER, label, secret: Secret.fromBase32(secret), period: PERIOD_S });
}
