"use strict";

// The names are chosen so that alphabetical order disagrees with what a router by specificity would do.

const { app } = require("@azure/functions");

function get(name, handler, route) {
  app.http(name, { methods: ["GET"], handler, ...(route && { route }) });
}

const id = (word) => (request) => ({ body: `${word}:${request.params.id}` });
const text = (body) => () => ({ body });
const params = (request) => ({ jsonBody: request.params });

get("a_param", id("param"), "prec/{id}");
get("z_literal", text("literal"), "prec/special");
get("z_param2", id("param2"), "prec2/{id}");
get("a_literal2", text("literal2"), "prec2/special");

get("a_int", id("int"), "cons/{id:int}");
get("b_any", id("any"), "cons/{id}");
get("a_anyfirst", id("any"), "consb/{id}");
get("b_intsecond", id("int"), "consb/{id:int}");

get("opt", params, "opt/{a}/{b?}");
get("star", params, "star/{*rest}");
get("multi", params, "files/{name}.{ext}");

get("m_get", text("get"), "meth");
app.http("m_post", { route: "meth", methods: ["POST"], handler: text("post") });
get("getonly", text("getonly"));
app.http("nomethods", { handler: (request) => ({ body: `nm ${request.method}` }) });

app.http("fnlevel", { methods: ["GET", "POST"], authLevel: "function", handler: text("fn ok") });
app.http("admlevel", { methods: ["GET", "POST"], authLevel: "admin", handler: text("adm ok") });
