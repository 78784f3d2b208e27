"use strict";

const { appendFileSync } = require("node:fs");

/** Appends one line to the file named by PROBE_LOG; without it, says nothing. */
function log(entry) {
  const file = process.env.PROBE_LOG;
  if (!file) return;
  appendFileSync(
    file,
    `${JSON.stringify({ t: new Date().toISOString(), pid: process.pid, ...entry })}\n`,
  );
}

module.exports = { log };
