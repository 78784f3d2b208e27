import { app } from "@azure/functions";

globalThis.loadOrder.push("b-start");
await new Promise((resolve) => setTimeout(resolve, 30));
globalThis.loadOrder.push("b-end");

app.http("b", { methods: ["GET"], handler: () => ({ body: "b" }) });
