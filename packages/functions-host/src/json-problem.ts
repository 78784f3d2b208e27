import type { Exception } from "./durable-errors.ts";

/** What the platform's JSON reader says of a text, or null when it is JSON. */
export function jsonProblem(text: string): Exception | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    return { type: "Newtonsoft.Json.JsonReaderException", ...describe(text) };
  }
}

function describe(text: string): { message: string; stack: string } {
  const trimmed = text.trim();
  if (trimmed === "") {
    return {
      message: "Error reading JToken from JsonReader. Path '', line 0, position 0.",
      stack:
        "   at Newtonsoft.Json.Linq.JToken.ReadFrom(JsonReader reader, JsonLoadSettings settings)",
    };
  }
  if (/^\{\s*[A-Za-z_$][\w$]*$/.test(trimmed)) {
    return {
      message: `Unexpected end while parsing unquoted property name. Path '', line 1, position ${text.length}.`,
      stack: "   at Newtonsoft.Json.JsonTextReader.ParseUnquotedProperty()",
    };
  }
  if (/^[[{]/.test(trimmed)) {
    return {
      message: `Unexpected end of content while loading JToken. Path '', line 1, position ${text.length}.`,
      stack:
        "   at Newtonsoft.Json.Linq.JToken.ReadFrom(JsonReader reader, JsonLoadSettings settings)",
    };
  }
  return {
    message: `Unexpected character encountered while parsing value: ${trimmed.charAt(0)}. Path '', line 0, position 0.`,
    stack: "   at Newtonsoft.Json.JsonTextReader.ParseValue()",
  };
}
