// Set i: bodies and headers, on their way in and on their way out.

import { at, type Json, parseJson, toJson } from "../json.ts";
import type { Probe } from "../probe.ts";
import type { WireAnswer } from "../wire.ts";
import { by, get, one } from "./http-probe.ts";
import { pair } from "./set-b-management.ts";

/** What `dump` says of the request it got. */
function dumped(...keys: readonly string[]): (answer: WireAnswer) => Json {
  return ({ status, text }) => {
    const dump = parseJson(text);
    return { s: status, ...Object.fromEntries(keys.map((key) => [key, at(dump, key) ?? null])) };
  };
}

const whole = dumped("url", "query", "headers", "bodyNull", "text", "params");
const textOf = (answer: WireAnswer): string => String(at(parseJson(answer.text), "text"));
const plain = { "Content-Type": "text/plain" };

export const requests: readonly Probe[] = [
  one("i5.query", get("dump?x=1&x=2&X=3&y=&z&e=%20%2B&u=%C3%BC&plus=a+b"), whole),
  one(
    "i6.repeated headers",
    { ...get("dump"), headers: { "x-rep": ["1", "2"], "x-uni": "ü" } },
    pair,
  ),
  one(
    "i7.chunked body",
    { ...by("POST", "dump"), headers: plain, body: "hello chunked world", chunked: true },
    whole,
  ),
  one("i7b.plain body", { ...by("POST", "dump"), headers: plain, body: "hello" }, whole),
  one("i7c.no body post", by("POST", "dump"), whole),
  one(
    "i7d.empty body post",
    { ...by("POST", "dump"), headers: { "Content-Type": "application/json" }, body: "" },
    whole,
  ),
  one("i7e.GET with body", { ...get("dump"), headers: plain, body: "getbody" }, whole),
  one("i7f.DELETE with body", { ...by("DELETE", "dump"), headers: plain, body: "delbody" }, whole),
  one(
    "i7g.binary",
    {
      ...by("POST", "dump"),
      headers: { "Content-Type": "application/octet-stream" },
      body: Uint8Array.of(255, 254, 0, 1),
    },
    (answer) => ({
      s: answer.status,
      len: textOf(answer).length,
      text: JSON.stringify(textOf(answer)),
    }),
  ),
  one(
    "i7h.form",
    {
      ...by("POST", "dump"),
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: "a=1&b=2",
    },
    dumped("text"),
  ),
  one(
    "i7i.5MB body",
    { ...by("POST", "dump"), headers: plain, body: "x".repeat(5_000_000) },
    (answer) => ({ s: answer.status, len: textOf(answer).length }),
  ),
  one("i8.invalid json", { ...by("POST", "badjson"), headers: plain, body: "{bad" }, pair),
];

const headersOf = (answer: WireAnswer): Json => toJson(answer.headers);

export const answersWithHeaders: readonly Probe[] = [
  one("i2b.wrong method headers", by("POST", "getonly"), (answer) => ({
    s: answer.status,
    h: headersOf(answer),
  })),
  one("i2c.404 headers", get("nosuchroute"), (answer) => ({
    s: answer.status,
    h: headersOf(answer),
    t: answer.text,
  })),
  one(
    "i2d.CORS preflight",
    {
      ...by("OPTIONS", "getonly"),
      headers: { Origin: "https://example.org", "Access-Control-Request-Method": "GET" },
    },
    (answer) => ({ s: answer.status, h: headersOf(answer), t: answer.text }),
  ),
  one("i9.unhandled exception", get("throws"), (answer) => ({
    s: answer.status,
    text: answer.text,
    h: headersOf(answer),
  })),
  one("i16.default headers", get("getonly"), ({ status, rawHeaders }) => ({
    s: status,
    raw: [...rawHeaders],
  })),
];
