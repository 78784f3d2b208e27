import * as df from "durable-functions";

globalThis.loadOrder.push("a");

df.app.orchestration("EsmO", function* (context) {
  const answer = yield context.df.callActivity("EsmA", { x: 1 });
  return answer.x + 1;
});

df.app.activity("EsmA", { handler: (input) => input });

df.app.client.http("start", {
  route: "start",
  methods: ["POST"],
  handler: async (_request, client) => ({
    jsonBody: { id: await client.startNew("EsmO", { input: {} }) },
  }),
});
