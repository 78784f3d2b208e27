"use strict";

const { app } = require("@azure/functions");

const seen = [];

process.on("unhandledRejection", (error) => seen.push(`UR ${error.message}`));

app.http("reject", {
  methods: ["GET"],
  handler: () => {
    setTimeout(() => {
      Promise.reject(new Error("unhandled outside"));
    }, 100);
    return { body: "x" };
  },
});

app.http("slow", {
  methods: ["GET"],
  handler: async () => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    return { body: JSON.stringify(seen) };
  },
});
