import * as z from "zod";
import { runDemo } from "../../demo/demo.ts";

const Instant = z.iso.datetime();
const Seconds = z.number().nonnegative().nullable();

/** The document of `--json`, as somebody else's program may rely on it. */
const RunDocument = z.strictObject({
  scenario: z.string(),
  seed: z.number().int(),
  mode: z.enum(["observe", "approve", "automatic"]),
  outcome: z.enum([
    "recovered",
    "failed-over",
    "stood-down",
    "not-confirmed",
    "open",
    "no-incident",
  ]),
  rule: z.string().nullable(),
  timeline: z.array(
    z.strictObject({
      at: Instant,
      voice: z.enum(["app", "world"]),
      where: z.string(),
      event: z.string(),
      verdict: z.enum(["hold", "ask", "fail-over", "stand-down"]).nullable(),
      rule: z.string().nullable(),
      notes: z.array(z.string()),
    }),
  ),
  phases: z.strictObject({
    suspicion: Seconds,
    confirmation: Seconds,
    request: Seconds,
    failover: Seconds,
    verification: Seconds,
    total: Seconds,
  }),
  loss: z.strictObject({
    atLeastSeconds: Seconds,
    atMostSeconds: Seconds,
    trueSeconds: z.number().nonnegative(),
    missingRows: z.number().int().nonnegative(),
  }),
  failback: z
    .strictObject({
      state: z.enum(["waiting", "running", "done", "off"]),
      failedOverAt: Instant,
      protectedAt: Instant.nullable(),
      doneAt: Instant.nullable(),
    })
    .nullable(),
  expectations: z.array(z.strictObject({ says: z.string(), holds: z.boolean() })),
  asExpected: z.boolean(),
});

type Edge = NonNullable<Parameters<typeof runDemo>[1]["edge"]>;

/** Runs the command line in this process and keeps what it prints. */
export async function npmStart(...argv: readonly string[]) {
  return run("wire", argv);
}

async function run(edge: Edge, argv: readonly string[]) {
  let [out, error] = ["", ""];
  const code = await runDemo(argv, {
    edge,
    out: {
      write: (text) => {
        out += text;
      },
      isTTY: false,
      columns: 100,
    },
    error: (text) => {
      error += text;
    },
    noColour: undefined,
    signal: new AbortController().signal,
  });
  return { code, out, error };
}

/** One scenario as fast as it can be computed, with its document. */
export async function play(...argv: readonly string[]) {
  return playAt("port", argv);
}

/** The same as `npm start` plays it: by the real adapters, over the wire. */
export async function playOnTheWire(...argv: readonly string[]) {
  return playAt("wire", argv);
}

async function playAt(edge: Edge, argv: readonly string[]) {
  const { code, out } = await run(edge, ["--json", "--exit", ...argv]);
  return { code, text: out, document: RunDocument.parse(JSON.parse(out)) };
}
