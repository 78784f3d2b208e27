import type { AccessToken, TokenCredential } from "@azure/identity";
import type { Clock } from "../../ports/clock.ts";
import { withDeadline } from "../../ports/deadline.ts";

/** From here on a new token is asked for, while the one at hand still does. */
const RENEW_BEFORE_MS = 10 * 60_000;
const ASK_AGAIN_MS = 60_000;
const ASK_MS = 5_000;

interface Kept {
  readonly token: AccessToken | null;
  readonly askedAt: number;
  readonly asking: Promise<AccessToken> | null;
}

const NOTHING: Kept = { token: null, askedAt: Number.NEGATIVE_INFINITY, asking: null };

/** A credential that knows what it has at hand. */
export interface CachedCredential extends TokenCredential {
  /** Asks for a token when that is due, at most once a minute, and says how long the one at hand lasts. */
  goodForMs(scope: string): Promise<number | null>;
}

/**
 * Keeps tokens, so that identity trouble matters only once they are used up. Who asks meanwhile
 * shares one question; no question takes longer than five seconds.
 */
export function createCachedCredential(options: {
  readonly credential: TokenCredential;
  readonly clock: Clock;
}): CachedCredential {
  const { credential, clock } = options;
  const kept = new Map<string, Kept>();

  function left(scope: string): number {
    const { token } = kept.get(scope) ?? NOTHING;
    const leftMs = token === null ? 0 : token.expiresOnTimestamp - clock.now();
    // A token that does not say how long it lasts counts as used up.
    return Number.isFinite(leftMs) ? Math.max(0, Math.floor(leftMs)) : 0;
  }

  function ask(scope: string): Promise<AccessToken> {
    const now = kept.get(scope) ?? NOTHING;
    if (now.asking !== null) return now.asking;
    const asking = withDeadline(clock, ASK_MS, (abortSignal) =>
      credential.getToken(scope, { abortSignal }),
    ).then((token) => {
      if (token === null || token.token === "") throw new Error("Cannot get a token: none came");
      kept.set(scope, { ...(kept.get(scope) ?? NOTHING), token, asking: null });
      return token;
    });
    kept.set(scope, { ...now, askedAt: clock.now(), asking });
    asking.catch(() => kept.set(scope, { ...(kept.get(scope) ?? NOTHING), asking: null }));
    return asking;
  }

  function isDue(scope: string): boolean {
    const { askedAt } = kept.get(scope) ?? NOTHING;
    return left(scope) <= RENEW_BEFORE_MS && clock.now() - askedAt >= ASK_AGAIN_MS;
  }

  return {
    async getToken(scopes, request) {
      const scope = typeof scopes === "string" ? scopes : scopes.join(" ");
      // Asked for by a service that refused the token at hand.
      if (request?.claims !== undefined || request?.tenantId !== undefined) {
        return credential.getToken(scopes, request);
      }
      const { token } = kept.get(scope) ?? NOTHING;
      if (token === null || left(scope) === 0) return ask(scope);
      return isDue(scope) ? ask(scope).catch(() => token) : token;
    },
    async goodForMs(scope) {
      if (isDue(scope)) await ask(scope).catch(() => null);
      return left(scope) || null;
    },
  };
}
