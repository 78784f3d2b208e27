"use strict";

throw new Error("entry file exploded");
