"use strict";

require("./durable");
require("./http");

const { log } = require("../../probe-kit");

log({ ev: "load" });
