"use strict";

const df = require("durable-functions");

/** Registers an orchestrator under the name the probes start it by. */
function orchestration(name, body) {
  df.app.orchestration(name, body);
}

/** The instant `ms` from now, as the orchestration knows now. */
function fromNow(context, ms) {
  return new Date(nowMs(context) + ms);
}

/** Now, as the orchestration knows it, in epoch ms. */
function nowMs(context) {
  return context.df.currentUtcDateTime.getTime();
}

/** The first line of an error's message: the rest is a dump of the exception. */
function firstLine(error) {
  return error.message.split("\n")[0];
}

module.exports = { orchestration, fromNow, nowMs, firstLine };
