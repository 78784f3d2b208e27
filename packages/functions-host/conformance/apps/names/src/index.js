"use strict";

const { app } = require("@azure/functions");

// Routes are plain, so that only the name of a function can be at fault.
const NAMES = [
  "with.dot",
  "with-dash",
  "with_under",
  "1digit",
  "with space",
  "umläut",
  "with/slash",
  "x".repeat(128),
  "with:colon",
  "_lead",
  "host",
  "plain",
];

for (const [index, name] of NAMES.entries()) {
  app.http(name, { route: `n${index + 1}`, methods: ["GET"], handler: () => ({ body: name }) });
}
