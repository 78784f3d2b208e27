#!/usr/bin/env node
// `npx geo-failover COMMAND` in a clone: the command line, from its sources.

process.argv.splice(2, 0, "cli/main.ts");
await import("./run-sources.mjs");
