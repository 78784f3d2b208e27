"use strict";

const df = require("durable-functions");
const { describeClientResult, describeError, registerClientFunction } = require("../../probe-kit");

registerClientFunction(describeClientResult);

df.app.client.http("check", {
  route: "check/{id}",
  methods: ["GET", "POST"],
  handler: (request, client) => client.createCheckStatusResponse(request, request.params.id),
});

df.app.client.http("waitfor", {
  route: "waitfor/{id}",
  methods: ["GET", "POST"],
  handler: async (request, client) => {
    const options = {
      timeoutInMilliseconds: Number(request.query.get("t") || 5000),
      retryIntervalInMilliseconds: Number(request.query.get("r") || 500),
    };
    try {
      return await client.waitForCompletionOrCreateCheckStatusResponse(
        request,
        request.params.id,
        options,
      );
    } catch (error) {
      return { status: 599, jsonBody: describeError(error) };
    }
  },
});

df.app.client.http("binding", {
  route: "binding",
  methods: ["GET"],
  handler: (_request, client, context) => ({
    jsonBody: {
      inputs: context.options.extraInputs.map((input) => context.extraInputs.get(input)),
      client: JSON.parse(JSON.stringify(client)),
      payload: client.createHttpManagementPayload("abc"),
    },
  }),
});
