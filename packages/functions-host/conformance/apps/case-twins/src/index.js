"use strict";

const { app } = require("@azure/functions");

for (const [name, route] of [
  ["Same", "one"],
  ["same", "two"],
  ["other", "other"],
]) {
  app.http(name, { route, methods: ["GET"], handler: () => ({ body: route }) });
}
