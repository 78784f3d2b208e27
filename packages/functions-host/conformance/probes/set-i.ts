// Set i: routes, methods, keys, headers, bodies and return values of HTTP functions.

import { toJson } from "../json.ts";
import type { Probe } from "../probe.ts";
import type { WireRequest } from "../wire.ts";
import { by, get, table } from "./http-probe.ts";
import { pair } from "./set-b-management.ts";
import { answersWithHeaders, requests } from "./set-i-requests.ts";

const routes = table(
  "i1.route precedence",
  {
    special: get("prec/special"),
    other: get("prec/other"),
    special2: get("prec2/special"),
    int5: get("cons/5"),
    intabc: get("cons/abc"),
    intb5: get("consb/5"),
    intbabc: get("consb/abc"),
  },
  pair,
);

const methods = table(
  "i2.methods",
  {
    get: get("meth"),
    post: by("POST", "meth"),
    put: by("PUT", "meth"),
    del: by("DELETE", "meth"),
    head: by("HEAD", "meth"),
    options: by("OPTIONS", "meth"),
    getonlyPost: by("POST", "getonly"),
    getonlyHead: by("HEAD", "getonly"),
    getonlyOptions: by("OPTIONS", "getonly"),
    nomPut: by("PUT", "nomethods"),
    nomGet: get("nomethods"),
    nomPost: by("POST", "nomethods"),
    none: get("nosuchroute"),
    root: { path: "/" },
    apiroot: { path: "/api" },
    upper: { path: "/API/GETONLY" },
    trailing: get("getonly/"),
    dbl: { path: "/api//getonly" },
  },
  ({ status, text }) => [status, text.slice(0, 300)],
);

const params = table(
  "i3.params",
  {
    opt: get("opt/1"),
    opt2: get("opt/1/2"),
    star: get("star/a/b/c"),
    star0: get("star"),
    multi: get("files/x.y.tar"),
    enc: get("opt/a%20b%2Fc"),
    plus: get("opt/a+b"),
    uni: get("opt/%C3%BC"),
    pct: get("opt/100%25"),
  },
  pair,
);

const auth = table(
  "i4.auth",
  ({ target: { keys } }) => {
    const keyed = (path: string, key: string): WireRequest => get(`${path}?code=${key}`);
    const header = { "x-functions-key": keys.host };
    return {
      fnNo: get("fnlevel"),
      fnBad: keyed("fnlevel", "bad"),
      fnHost: keyed("fnlevel", keys.host),
      fnHdr: { ...get("fnlevel"), headers: header },
      fnMaster: keyed("fnlevel", keys.master),
      fnSys: keyed("fnlevel", keys.system),
      admNo: get("admlevel"),
      admHost: keyed("admlevel", keys.host),
      admMaster: keyed("admlevel", keys.master),
      hdrAndCode: { ...keyed("fnlevel", "bad"), headers: header },
      anonBadKey: keyed("getonly", "bad"),
    };
  },
  ({ status, text, headers }) =>
    toJson([
      status,
      text,
      headers["content-length"],
      headers["www-authenticate"],
      headers["content-type"],
    ]),
);

const moreMethods = table(
  "i10.methods on dump",
  Object.fromEntries(
    ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"].map((method) => [
      method,
      by(method, "dump"),
    ]),
  ),
  ({ status, text, headers }) =>
    toJson([status, text.slice(0, 60), headers["content-length"], headers["transfer-encoding"]]),
);

const RETURNED = [
  "undef",
  "nul",
  "str",
  "num",
  "arr",
  "empty",
  "status201",
  "s204",
  "s304",
  "s999",
  "s99",
  "jb",
  "jbu",
  "jbn",
  "buf",
  "hdr",
  "cookies",
  "multi",
  "obj",
  "stream",
  "web",
  "badhdr",
  "bignum",
];
const EVERYWHERE = new Set(["connection", "date", "server"]);

const returned = table(
  "i11.return values",
  Object.fromEntries(RETURNED.map((kind) => [kind, get(`retodd/${kind}`)])),
  ({ status, text, headers }) => {
    const own = Object.entries(headers).filter(([name]) => !EVERYWHERE.has(name));
    return [status, text, toJson(Object.fromEntries(own)), null];
  },
);

export const setI: readonly Probe[] = [
  routes,
  methods,
  params,
  auth,
  ...requests,
  ...answersWithHeaders,
  moreMethods,
  returned,
];
