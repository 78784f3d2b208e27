// Sends what leaves this process into the world that `npm run world` serves on this machine. It is loaded before an
// app by `NODE_OPTIONS=--import`, which leaves the app as it was built. Names and connections are asked of the world,
// which answers, refuses or is silent; the bytes are those of the app's own clients, TLS included. What stays on
// this machine (the Functions host, the storage emulator) is let alone.

import dns from "node:dns";
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { text } from "node:stream/consumers";

const LOOPBACK = "127.0.0.1";
/** A code that is in no table of the network's: who gets it has learned nothing of Azure. */
const NO_WORLD = "EWORLD";
const { GEO_FAILOVER_WORLD: wayOut = "", WEBSITE_HOSTNAME: here } = process.env;
const wayOutPort = Number(/^127\.0\.0\.1:(\d+)$/.exec(wayOut)?.[1] ?? 0);
if (wayOutPort === 0) {
  throw new Error(`Cannot live in a world: GEO_FAILOVER_WORLD is no 127.0.0.1:PORT: ${wayOut}`);
}

let told = false;

/** What stands in for every answer once the world is gone. */
function worldGone() {
  if (!told)
    console.error(`Cannot reach the world at ${wayOut}: it has ended. Start this app anew`);
  told = true;
  return Object.assign(new Error(`Cannot reach the world at ${wayOut}`), { code: NO_WORLD });
}

/** Asks the world one thing; its silence is that of the network. Returns how to ask no longer. */
function ask(path, query, done) {
  let waiting = true;
  const end = (error, address) => {
    if (waiting) done(error, address);
    waiting = false;
  };
  const fail = () => {
    if (waiting) end(worldGone());
  };
  const question = `/${path}?${new URLSearchParams(query)}`;
  const request = http.get(
    { host: LOOPBACK, port: wayOutPort, path: question, agent: false },
    (response) => {
      const answer = text(response).then((said) => JSON.parse(said));
      answer.then(
        ({ code, address }) =>
          code === undefined ? end(null, address) : end(refused(code, query)),
        fail,
      );
    },
  );
  request.on("error", fail);
  return () => {
    waiting = false;
    request.destroy();
  };
}

function refused(code, { host }) {
  return Object.assign(new Error(`Cannot reach ${host}: ${code}`), { code, hostname: host });
}

function staysHere(host = "localhost") {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

const { lookup } = dns;

dns.lookup = (host, ...rest) => {
  const done = rest.pop();
  const [options = {}] = rest;
  if (staysHere(host) || net.isIP(host) !== 0) return lookup(host, options, done);
  ask("address", { host }, found(options, done));
  return {};
};

dns.promises.lookup = (host, options = {}) =>
  new Promise((resolve, reject) => {
    dns.lookup(host, options, (error, address, family) => {
      if (error) reject(error);
      else resolve(options.all ? address : { address, family });
    });
  });

/** Tells of an address as whoever looked it up wants to hear it. */
function found(options, done) {
  return (error, address) => {
    if (error) done(error);
    else if (options.all) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  };
}

const { connect } = net.Socket.prototype;

net.Socket.prototype.connect = function (...args) {
  const { options, done } = connectionOf(args);
  if (options === null || staysHere(options.host)) return connect.apply(this, args);
  const { host, port } = options;
  const way = {
    ...options,
    // An address would not be looked up, and the look-up is where the world says whether there is a way.
    host: net.isIP(host) === 0 ? host : "an-address",
    port: wayOutPort,
    lookup: (_, wanted, heard) => {
      const stopAsking = ask("dial", { host, port }, (error) =>
        found(wanted, heard)(error, LOOPBACK),
      );
      this.once("close", stopAsking);
    },
  };
  return connect.call(this, way, done);
};

/** Options of a connection over the network, in whichever form they came; null for a pipe. */
function connectionOf(args) {
  const [first, ...rest] = Array.isArray(args[0]) ? args[0] : args;
  const done = rest.find((each) => typeof each === "function");
  if (typeof first === "object") return { options: first.path ? null : first, done };
  if (!(Number(first) >= 0)) return { options: null, done };
  const host = typeof rest[0] === "string" ? rest[0] : undefined;
  return { options: { port: first, host }, done };
}

syncBuiltinESMExports();

// The host tells its worker where it listens: there the other sites find it.
if (here) ask("here", { at: here }, () => undefined);
