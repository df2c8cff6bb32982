import * as oidc from 'openid-client';
import { z } from 'zod';
import type { ExternalPerson } from '../service/accounts.ts';
import type { Role } from '../service/ports.ts';

export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  /** Claim that names a person's groups. */
  readonly groupsClaim: string;
  readonly scope: string;
  /** Which roles each group brings. */
  readonly roles: ReadonlyMap<string, readonly Role[]>;
  /** Takes an address that the provider does not say it has verified. */
  readonly trustsAddress: boolean;
}

/** Sign-in through an OpenID provider: authorization code flow with PKCE, state and nonce (RFC 9700, section 2.1). */
export interface IdentityProvider {
  /** Where to send the browser, and what the answer is checked by; that stays on our side. */
  begin(callback: string): Promise<{ readonly url: string; readonly kept: string }>;
  /** Who came back; `none` where none of the groups has a role. */
  finish(
    kept: string,
    callback: string,
    query: string,
  ): Promise<
    | { readonly kind: 'person'; readonly person: ExternalPerson }
    | { readonly kind: 'none'; readonly name: string }
    /** A forged, late or refused answer. `why` is for the log. */
    | { readonly kind: 'refused'; readonly why: string }
  >;
}

const Kept = z.strictObject({ verifier: z.string(), state: z.string(), nonce: z.string() });
const Text = z.string().min(1).max(300);

/** The provider is looked up at the first sign-in and again after a failure, so that Holdfast starts without it. */
export function createIdentityProvider(settings: ProviderSettings): IdentityProvider {
  let found: Promise<oidc.Configuration> | null = null;
  const discover = () => {
    const issuer = new URL(settings.issuer);
    const isHere = issuer.protocol === 'http:';
    found ??= oidc.discovery(
      issuer,
      settings.clientId,
      settings.clientSecret === null ? undefined : settings.clientSecret,
      settings.clientSecret === null ? oidc.None() : undefined,
      // Settings allow HTTP on loopback alone.
      isHere ? { execute: [oidc.allowInsecureRequests] } : {},
    );
    found.catch(() => {
      found = null;
    });
    return found;
  };
  return {
    async begin(callback) {
      const config = await discover();
      const verifier = oidc.randomPKCECodeVerifier();
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: settings.scope,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return { url: url.href, kept: JSON.stringify({ verifier, state, nonce }) };
    },
    async finish(kept, callback, query) {
      const { verifier, state, nonce } = Kept.parse(JSON.parse(kept));
      try {
        const config = await discover();
        const tokens = await oidc.authorizationCodeGrant(config, new URL(`${callback}${query}`), {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) return { kind: 'refused', why: 'no id token' };
        const more =
          (claims[settings.groupsClaim] === undefined || claims['email'] === undefined) &&
          config.serverMetadata().userinfo_endpoint !== undefined
            ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
            : {};
        return readPerson({ ...more, ...claims }, claims.iss, settings);
      } catch (error) {
        // What a provider or a stranger answers is no defect of ours.
        return { kind: 'refused', why: error instanceof Error ? `${error.name} ${codeOf(error)}`.trim() : 'unknown' };
      }
    },
  };
}

/** What its claims make of a person; exported for its tests. */
export function readPerson(
  claims: Readonly<Record<string, unknown>>,
  issuer: string,
  settings: Pick<ProviderSettings, 'groupsClaim' | 'roles' | 'trustsAddress'>,
): Awaited<ReturnType<IdentityProvider['finish']>> {
  const text = (name: string) => Text.safeParse(claims[name]).data ?? null;
  const subject = text('sub');
  if (subject === null) return { kind: 'refused', why: 'no subject' };
  const address = text('email');
  const isProven = claims['email_verified'] === true || settings.trustsAddress;
  const name = text('name') ?? text('preferred_username') ?? address ?? subject;
  const listed = claims[settings.groupsClaim];
  const groups = (Array.isArray(listed) ? listed : [listed]).filter((one): one is string => typeof one === 'string');
  const roles = [...new Set(groups.flatMap((group) => settings.roles.get(group) ?? []))];
  if (roles.length === 0) return { kind: 'none', name };
  return {
    kind: 'person',
    person: { subject: `${issuer} ${subject}`, name: name.slice(0, 80), address: isProven ? address : null, roles },
  };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
