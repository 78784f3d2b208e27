import type { HttpResponseInit } from "@azure/functions";

/** An error as the caller sees it (RFC 9457). `slug` is API: callers may switch on it. */
interface Problem {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Thrown where a request cannot be served; becomes the answer at the edge. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The answer that tells a problem. */
export function problemAnswer(problem: Problem): HttpResponseInit {
  const { status, slug, title, detail, members } = problem;
  return {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
    body: JSON.stringify({
      ...members,
      type: `urn:geo-failover:problem:${slug}`,
      title,
      status,
      detail,
    }),
  };
}
