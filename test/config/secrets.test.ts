import { describe, expect, test } from "vitest";
import { redact } from "../../shared/config/redact.ts";
import { change, errorOf, HERE, onlyProblem, read, VALID } from "./fixture.ts";

const SECRET = "https://hooks.example.net/services/hush";
const withWebhook = (value: string) => `${VALID}notify: { webhook: ${value} }\n`;

describe("the webhook", () => {
  test("is taken from the environment", () => {
    const config = read(withWebhook("env:HOOK"), { HOOK: SECRET });
    expect(config.notify).toEqual({ webhook: SECRET });
  });

  test("may carry its own signature", () => {
    const signed = `${SECRET}?sig=abc`;
    expect(read(withWebhook("env:HOOK"), { HOOK: signed }).notify.webhook).toBe(signed);
  });

  test.each([
    ["literal-secret", `${HERE}${SECRET}`, {}],
    ["literal-secret", `${HERE}"env:not a name"`, {}],
    ["secret-missing", `${HERE}env:HOOK`, {}],
    ["secret-missing", `${HERE}env:HOOK`, { HOOK: "" }],
    ["secret-not-a-url", `${HERE}env:HOOK`, { HOOK: "hush" }],
    ["secret-not-a-url", `${HERE}env:HOOK`, { HOOK: "http://hooks.example.net/hush" }],
  ])("%s", (because, value, env) => {
    const problem = onlyProblem(withWebhook(value), env);
    expect(problem.because).toBe(because);
    expect(problem.message).not.toContain("hush");
    if (because !== "literal-secret") expect(problem.message).toContain("HOOK");
  });

  test("is looked for even when something else is wrong", () => {
    const wrong = change(withWebhook("env:HOOK"), "PT3M", "3m");
    expect(errorOf(wrong).problems.map(({ because }) => because)).toEqual([
      "not-a-duration",
      "secret-missing",
    ]);
  });
});

describe("no error shows a secret", () => {
  test.each([
    ["in place of the mapping", `${VALID}notify: ${SECRET}\n`],
    ["under a misspelt key", `${VALID}notify: { webhok: ${SECRET} }\n`],
    ["as a key", `${VALID}notify: { "${SECRET}": x }\n`],
    ["under another key", change(VALID, "mode: automatic", `mode: ${SECRET}`)],
    ["as user and password", change(VALID, "https://weu.", "https://me:hush@weu.")],
    [
      "as a parameter",
      change(VALID, "https://weu.example.net", "https://weu.example.net?sig=hush"),
    ],
    ["in a connection string", change(VALID, "name: weu", "name: AccountKey=hush")],
  ])("%s", (_, text) => {
    expect(errorOf(text).message).not.toContain("hush");
  });

  test("that is known from the environment, wherever it was pasted", () => {
    const env = { HOOK: "https://hush.example.net" };
    const text = change(withWebhook("env:HOOK"), "mode: automatic", `mode: ${env.HOOK}`);
    expect(errorOf(text, env).message).toContain("(redacted)");
    expect(errorOf(text, env).message).not.toContain("hush");
  });
});

describe("redact()", () => {
  test("replaces every occurrence, the longer secret first", () => {
    expect(redact("a abc a", ["a", "abc"])).toBe("(redacted) (redacted) (redacted)");
  });

  test("leaves a text alone where there is no secret", () => {
    expect(redact("all is well", ["", "hush"])).toBe("all is well");
  });
});
