"use strict";

/** Says what a value is, so that the type survives the JSON on its way to the probe. */
function describeValue(value) {
  if (value === undefined) return { type: "undefined" };
  if (value instanceof Date) {
    return {
      type: "Date",
      value: Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString(),
    };
  }
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const described = { type, value };
  if (value !== null && typeof value === "object" && "Timestamp" in value) {
    described.tsIsDate = value.Timestamp instanceof Date;
  }
  return described;
}

/** Says what was thrown: class, message, every own property, and the head of the stack. */
function describeError(error) {
  if (error === null || typeof error !== "object") {
    return { nonObject: String(error), type: typeof error };
  }
  return {
    ctor: error.constructor?.name,
    name: error.name,
    message: error.message,
    keys: Object.keys(error),
    own: Object.getOwnPropertyNames(error),
    props: { ...error },
    stackHead: headOfStack(error.stack),
    code: error.code,
    failureDetails: error.failureDetails,
  };
}

function headOfStack(stack) {
  return stack && String(stack).split("\n").slice(0, 3).join("\n").slice(0, 400);
}

module.exports = { describeValue, describeError };
