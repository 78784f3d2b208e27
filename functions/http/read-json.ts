import type { HttpRequest } from "@azure/functions";
import type * as z from "zod";
import { wholeIn } from "../../shared/domain/units.ts";
import { nearest } from "../../shared/text/nearest.ts";
import { HttpProblem } from "./http-problem.ts";

export const ALERT_BYTES_MAX = 256 * 1024;
const BODY_BYTES_MAX = 16 * 1024;

/** Reads a body that must be JSON and no larger than `bytesMax`. */
export async function readJson(request: HttpRequest, bytesMax: number): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new HttpProblem({
      status: 415,
      slug: "not-json",
      title: "The body must be JSON",
      detail: `Cannot read the body: its content-type is not application/json: ${type || "none"}`,
    });
  }
  if ((wholeIn(request.headers.get("content-length")) ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const text = await request.text();
  if (Buffer.byteLength(text) > bytesMax) throw tooLarge(bytesMax);
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem({
      status: 400,
      slug: "not-json",
      title: "The body must be JSON",
      detail: `Cannot read the body: ${text.trim() === "" ? "it is empty" : "it is not JSON"}`,
    });
  }
}

/** Reads a body of a known shape, and says of each fault what to write instead. */
export async function readBody<T>(
  request: HttpRequest,
  schema: z.ZodObject & z.ZodType<T>,
): Promise<T> {
  const parsed = schema.safeParse(await readJson(request, BODY_BYTES_MAX));
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const errors = parsed.error.issues.flatMap((issue) => faultsOf(issue, known));
  throw new HttpProblem({
    status: 400,
    slug: "bad-body",
    title: "The body is not what it should be",
    detail: `Cannot read the body: ${errors.map((one) => `${one.at}: ${one.fault}`).join("; ")}`,
    members: { errors },
  });
}

interface Fault {
  readonly at: string;
  readonly fault: string;
}

function faultsOf(issue: z.core.$ZodIssue, known: readonly string[]): readonly Fault[] {
  if (issue.code !== "unrecognized_keys") {
    return [{ at: issue.path.join(".") || "body", fault: issue.message }];
  }
  return issue.keys.slice(0, 5).map((key) => {
    const meant = nearest(key, known);
    const hint = meant === null ? `known are ${known.join(", ")}` : `write ${meant}`;
    return { at: key.slice(0, 64), fault: `no such field; ${hint}` };
  });
}

function tooLarge(bytesMax: number): HttpProblem {
  return new HttpProblem({
    status: 413,
    slug: "too-large",
    title: "The body is too large",
    detail: `Cannot read the body: it is larger than ${bytesMax} bytes`,
  });
}
