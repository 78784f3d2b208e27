"use strict";

const df = require("durable-functions");

/** Turns JSON into what a client method takes: `{$undef}`, `{$date}`, `{$entity}` and `{$rep}` stand for what JSON cannot say. */
function clientArgument(json) {
  if (Array.isArray(json)) return json.map(clientArgument);
  if (json === null || typeof json !== "object") return json;
  if ("$undef" in json) return undefined;
  if ("$date" in json) return new Date(json.$date);
  if ("$entity" in json) return new df.EntityId(...json.$entity);
  if ("$rep" in json) return "x".repeat(json.$rep);
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, clientArgument(value)]),
  );
}

module.exports = { clientArgument };
