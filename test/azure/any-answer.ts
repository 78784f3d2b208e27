import fc from "fast-check";
import type { WireAnswer } from "./arm-wire.ts";

const code = fc.constantFrom(
  "AkvKeyAccessDenied",
  "AkvKeyDNS",
  "AzureKeyVaultConnectionFailed",
  "AuthorizationFailed",
  "Forbidden",
  "ForbiddenByRbac",
  "OperationTimedOut",
  "1",
);
const status = fc.constantFrom("Succeeded", "Failed", "InProgress", "Canceled", "Sleeping");
const anyValue = fc.oneof(fc.string(), fc.anything());

const shaped = fc.record(
  {
    status: fc.oneof(status, anyValue),
    id: anyValue,
    type: anyValue,
    error: fc.oneof(
      anyValue,
      fc.record({ code: fc.oneof(code, anyValue), innererror: fc.record({ code }) }),
    ),
    code: fc.oneof(code, anyValue),
    value: fc.oneof(anyValue, fc.array(fc.oneof(anyValue, fc.record({ properties: anyValue })))),
    tables: fc.oneof(anyValue, fc.array(fc.record({ columns: anyValue, rows: anyValue }))),
    key: fc.oneof(anyValue, fc.record({ kid: anyValue, kty: anyValue })),
    properties: fc.oneof(
      anyValue,
      fc.record(
        {
          serverKeyType: fc.oneof(fc.constantFrom("ServiceManaged", "AzureKeyVault"), anyValue),
          uri: anyValue,
          state: anyValue,
          availabilityState: anyValue,
          provisioningState: fc.oneof(status, anyValue),
        },
        { requiredKeys: [] },
      ),
    ),
    nextLink: fc.oneof(fc.webUrl(), anyValue),
  },
  { requiredKeys: [] },
);

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value, (_, held) => (typeof held === "bigint" ? 0 : held)) ?? "";
  } catch {
    return "";
  }
}

/** Any status with any body: noise, JSON of any shape, and what looks almost right. */
export const anyAnswer: fc.Arbitrary<WireAnswer> = fc.record({
  status: fc.oneof(
    fc.integer({ min: 100, max: 599 }),
    fc.constantFrom(200, 202, 204, 400, 401, 403, 404, 409, 429, 500, 503),
  ),
  headers: fc.dictionary(
    fc.constantFrom("content-type", "retry-after", "location", "azure-asyncoperation", "date"),
    fc.constantFrom("text/html", "application/json", "-1", "x", "https://", "https://a/b"),
  ),
  body: fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.json(),
    fc.constantFrom("", "null", "[]", "{}", '""', "\uFEFF{}", "<html></html>"),
    shaped.map(jsonOf),
  ),
});
