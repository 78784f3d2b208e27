"use strict";

const { app } = require("@azure/functions");

app.http("good", { methods: ["GET"], handler: () => ({ body: "good" }) });
