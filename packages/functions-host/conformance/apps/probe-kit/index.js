"use strict";

module.exports = {
  ...require("./client-function"),
  ...require("./describe"),
  ...require("./log"),
  ...require("./sleep"),
};
