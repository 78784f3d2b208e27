"use strict";

require("../../main/src/index.js");
