import { app } from "@azure/functions";

globalThis.loadOrder = ["index"];

app.hook.appStart((context) => {
  globalThis.loadOrder.push(`appStart:${context.functionAppDirectory}`);
});

app.http("order", {
  methods: ["GET"],
  handler: () => ({ jsonBody: { order: globalThis.loadOrder } }),
});
