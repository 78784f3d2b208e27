"use strict";

require("./activities");
require("./entities");
require("./orchestrations/tasks");
require("./orchestrations/retries");
require("./orchestrations/losers");
require("./orchestrations/events");
require("./orchestrations/continue-as-new");
require("./orchestrations/values");
require("./orchestrations/errors");
require("./orchestrations/children");
require("./orchestrations/timing");
require("./orchestrations/context");
require("./orchestrations/entities");
require("./client");
require("./http/routes");
require("./http/answers");
require("./http/context");
