#!/usr/bin/env node
// `npx geo-failover COMMAND` in a clone: the command line, from its sources.

import { register } from "tsx/esm/api";

register();
await import("./main.ts");
