// What a reference target says of the region that it stands in, or of our own way out.

import { expect, test } from "vitest";
import { createHttpSend } from "../../shared/azure/http-send.ts";
import { createReferences } from "../../shared/azure/references.ts";
import { createWallClock } from "../../shared/azure/wall-clock.ts";

const clock = createWallClock();
const withCode = (code: string) => Object.assign(new Error("x"), { code });

async function met(code: string): Promise<readonly string[]> {
  const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: withCode(code) }));
  const dial = () => Promise.reject(withCode(code));
  const { reach } = createReferences({ clock, send: createHttpSend({ clock, fetch }), dial });
  return [
    await reach("https://ref.example.net/ping", 1_000),
    await reach("ref.example.net:1", 1_000),
  ];
}

test.each(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENOTFOUND"])(
  "nobody answered: %s",
  async (code) => expect(await met(code)).toEqual(["failed", "failed"]),
);

test.each([
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "EPROTO",
  "HPE_INVALID_CONSTANT",
])("somebody answered whom we do not trust, or do not understand: %s", async (code) =>
  expect(await met(code)).toEqual(["spoke", "spoke"]),
);

test.each(["EMFILE", "ENEW", "UND_ERR_NEW", "EADDRNOTAVAIL"])(
  "a code that no table has says nothing: %s",
  async (code) => expect(await met(code)).toEqual(["unknown", "unknown"]),
);
