"use strict";

const { app } = require("@azure/functions");

function register(route) {
  app.http("same", { route, methods: ["GET"], handler: () => ({ body: route }) });
}

function reasonOf(action) {
  try {
    action();
    return "second accepted";
  } catch (error) {
    return error.message;
  }
}

register("one");
const reason = reasonOf(() => register("two"));
app.http("report", { methods: ["GET"], handler: () => ({ body: reason }) });
