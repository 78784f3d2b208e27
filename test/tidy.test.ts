// The rules of this house that a machine can check. Each is put to the tree, and to a snippet that
// breaks it: a rule that has never been seen to fail proves nothing.

import { describe, expect, test } from "vitest";
import { checkAmbient } from "./tidy/check-ambient.ts";
import { checkDeciding } from "./tidy/check-deciding.ts";
import { checkDependencies } from "./tidy/check-dependencies.ts";
import { checkImports, ROOMS, roomOf } from "./tidy/check-imports.ts";
import { checkManifests } from "./tidy/check-manifests.ts";
import { checkMarkdown } from "./tidy/check-markdown.ts";
import { checkMeanings } from "./tidy/check-meanings.ts";
import { checkNames } from "./tidy/check-names.ts";
import { checkNumbers } from "./tidy/check-numbers.ts";
import { checkParameters } from "./tidy/check-parameters.ts";
import { checkSentences } from "./tidy/check-sentences.ts";
import { checkFileSizes, checkFunctionSizes } from "./tidy/check-sizes.ts";
import { checkSpec } from "./tidy/check-spec.ts";
import { checkSpreads } from "./tidy/check-spreads.ts";
import { checkUnawaited } from "./tidy/check-unawaited.ts";
import { checkWords } from "./tidy/check-words.ts";
import { fillRooms, roomsWithoutReason } from "./tidy/render-rooms.ts";
import { readTree, sourceFile } from "./tidy/source-file.ts";

const tree = readTree();

describe("the tree", () => {
  test.each([
    ["imports only what its rooms may", checkImports],
    ["decides in four triggers and no other", checkDeciding],
    ["reads no clock, randomness, environment or network where it must repeat", checkAmbient],
    ["leaves no promise of which nobody hears that it failed", checkUnawaited],
    ["has no file longer than 400 lines", checkFileSizes],
    ["has no function longer than 70 lines", checkFunctionSizes],
    ["spreads no list of the outside into arguments", checkSpreads],
    ["makes no NaN of a text of the outside", checkNumbers],
    ["has no function of more than four positional parameters", checkParameters],
    ["gives every exported function of the app a sentence", checkSentences],
    ["names its files for what is inside", checkNames],
    ["has one version of every package", checkManifests],
    ["uses no word for a second thing", checkMeanings],
    ["holds no word that must not be kept", checkWords],
    ["has pages with one title and links that lead somewhere", checkMarkdown],
    ["names in docs/spec.md code and tests that exist", checkSpec],
    ["says of every dependency what it replaces", checkDependencies],
  ])("%s", (_, check) => expect(check(tree)).toEqual([]));

  test("has a room for every file of code", () => {
    const homeless = tree
      .map(({ path }) => path)
      .filter((path) => path.endsWith(".ts") && path.includes("/") && roomOf(path) === null);
    expect(homeless).toEqual([]);
  });

  test("has something in every room", () => {
    const empty = Object.keys(ROOMS).filter(
      (room) => !tree.some(({ path }) => path === room || path.startsWith(`${room}/`)),
    );
    expect(empty).toEqual([]);
  });
});

describe("the page of the rooms", () => {
  const architecture = tree.find(({ path }) => path === "docs/architecture.md")?.text ?? "";

  test("shows them as they are: npm run tidy -- -u writes it", async () => {
    await expect(fillRooms(architecture)).toMatchFileSnapshot("../docs/architecture.md");
  });

  test("gives a reason for each", () => {
    expect(roomsWithoutReason()).toEqual([]);
  });

  test("says of every room of the hall what it is for", () => {
    const hall = ["seeing", "deciding", "keeping", "telling", "status"];
    expect(hall.filter((room) => !architecture.includes(`- **${room}** `))).toEqual([]);
  });

  test("is joined by a door to the policy that names every room of it", () => {
    const door = tree.find(({ path }) => path === "shared/policy/README.md")?.text ?? "";
    const rooms = Object.keys(ROOMS).filter((room) => room.startsWith("shared/policy/"));
    const unnamed = rooms.filter((room) => !door.includes(`| \`${room.split("/").at(-1)}/\` |`));
    expect(unnamed).toEqual([]);
  });
});

test("the reader of TypeScript gets through every file: its braces match", () => {
  const count = (code: string, brace: string) => code.split(brace).length;
  const lost = tree
    .filter(({ path }) => path.endsWith(".ts"))
    .filter(({ code }) => count(code, "{") !== count(code, "}"))
    .map(({ path }) => path);
  expect(lost).toEqual([]);
});

describe("who may import whom", () => {
  test.each([
    ["shared/domain/x.ts", 'import { a } from "../policy/a.ts";'],
    ["shared/domain/x.ts", 'import fs from "node:fs";'],
    ["shared/policy/x.ts", 'import type { Store } from "../ports/store.ts";'],
    ["shared/policy/x.ts", 'export { a } from "../azure/a.ts";'],
    ["shared/policy/x.ts", 'import "../azure/a.ts";'],
    ["shared/policy/x.ts", "const a = await import(`../azure/a.ts`);"],
    ["shared/policy/x.ts", "const a = await import(name);"],
    ["shared/policy/x.ts", 'type A = import("../azure/a.ts").A;'],
    ["shared/policy/x.ts", 'const a = require("node:fs");'],
    ["shared/ports/x.ts", 'import { SqlManagementClient } from "@azure/arm-sql";'],
    ["shared/ledger/x.ts", 'import { a } from "../policy/a.ts";'],
    ["shared/azure/x.ts", 'import { a } from "../policy/a.ts";'],
    ["orchestrations/x.ts", 'import { a } from "../shared/policy/a.ts";'],
    ["orchestrations/x.ts", 'import { a } from "../shared/ports/a.ts";'],
    ["orchestrations/contracts.ts", 'import * as df from "durable-functions";'],
    ["functions/x.ts", 'import { a } from "../orchestrations/incident.ts";'],
    ["functions/x.ts", 'import { a } from "./triggers/a.ts";'],
    ["functions/x.ts", 'import { a } from "../shared/azure/a.ts";'],
    ["functions/activities/x.ts", 'import { a } from "../../shared/config.ts";'],
    ["functions/activities/x.ts", 'import { a } from "../../orchestrations/fail-over.ts";'],
    ["functions/triggers/x.ts", 'import { a } from "../../shared/policy/a.ts";'],
    ["functions/triggers/x.ts", 'import { a } from "../activities/a.ts";'],
    ["functions/http/x.ts", 'import { a } from "../../shared/policy/a.ts";'],
    ["functions/register.ts", 'import { a } from "../shared/azure/a.ts";'],
    ["functions/main.ts", 'import { a } from "../simulator/azure/world/world.ts";'],
    ["functions/main.ts", 'import { startHost } from "functions-host";'],
    ["shared/azure/x.ts", 'import type { Clock } from "functions-host/clock";'],
    ["simulator/azure/x.ts", 'import type { Clock } from "functions-host/clock";'],
    ["simulator/x.ts", 'import { a } from "../packages/functions-host/src/a.ts";'],
    ["packages/functions-host/src/x.ts", 'import { a } from "../../../shared/domain/a.ts";'],
    ["simulator/azure/x.ts", 'import { a } from "../../functions/a.ts";'],
    ["simulator/azure/x.ts", 'import { a } from "../../shared/policy/a.ts";'],
    ["simulator/x.ts", 'import { a } from "../test/support/a.ts";'],
    ["simulator/x.ts", 'import { a } from "../cli/a.ts";'],
    ["cli/x.ts", 'import { a } from "../bench/a.ts";'],
    ["cli/x.ts", 'import { SqlManagementClient } from "@azure/arm-sql";'],
  ])("%s: %s is refused", (path, text) => {
    expect(checkImports([sourceFile(path, text)])).toHaveLength(1);
  });

  test("who may use the local host names it as the package that it is", () => {
    const text = 'import { startHost } from "functions-host";';
    const users = ["simulator/x.ts", "judge/x.ts", "bench/x.ts", "test/x.test.ts"];
    expect(checkImports(users.map((path) => sourceFile(path, text)))).toEqual([]);
  });

  test("what is quoted or commented out is no import", () => {
    const text = '// import "../azure/a.ts";\nconst a = `import "../azure/a.ts"`;\n';
    expect(checkImports([sourceFile("shared/policy/x.ts", text)])).toEqual([]);
  });

  const deciding = [
    sourceFile("functions/register.ts", 'import { a } from "./triggers/pause.ts";'),
    sourceFile(
      "functions/deciding/decide-now.ts",
      'import { d } from "../../shared/policy/decide.ts";',
    ),
  ];

  test("a trigger that reaches the policy in two steps is found", () => {
    const pause = sourceFile(
      "functions/triggers/pause.ts",
      'import { d } from "../deciding/decide-now.ts";',
    );
    expect(checkDeciding([...deciding, pause])).toEqual([
      "functions/triggers/pause.ts reaches the policy: functions/triggers/pause.ts > functions/deciding/decide-now.ts > shared/policy/decide.ts",
    ]);
  });

  test("naming what a look has seen is not deciding", () => {
    const text = 'import { judgeLook } from "../../shared/policy/evidence/judge-look.ts";';
    const pause = sourceFile("functions/triggers/pause.ts", text);
    expect(checkDeciding([...deciding, pause])).toEqual([]);
  });

  test("a trigger that needs only a type of it is not", () => {
    const text = 'import type { D } from "../deciding/decide-now.ts";';
    const pause = sourceFile("functions/triggers/pause.ts", text);
    expect(checkDeciding([...deciding, pause])).toEqual([]);
  });
});

test("a workspace that wants another version of a package than the project is refused", () => {
  const found = checkManifests([
    sourceFile(
      "package.json",
      '{ "dependencies": { "a": "1.0.0" }, "devDependencies": { "b": "1.0.0" } }',
    ),
    sourceFile(
      "packages/x/package.json",
      '{ "dependencies": { "a": "1.0.0", "b": "1.0.1", "c": "2.0.0" } }',
    ),
  ]);
  expect(found).toEqual(["packages/x/package.json wants b 1.0.1, not 1.0.0"]);
});

describe("what surrounds a decision", () => {
  const ambient = [
    "const at = Date.now();",
    "const at = new Date();",
    "const at = new Date;",
    "const at = Date();",
    "const at = performance.now();",
    "const id = randomUUID();",
    "const id = `a$" + "{Math.random()}`;",
    "const mode = process.env.MODE;",
    "setTimeout(run, 5);",
    "setInterval(run, 5);",
    "setImmediate(run);",
    "const signal = AbortSignal.timeout(5);",
    "await fetch(url);",
    'console.log("x");',
  ];
  test.each(ambient)("%s is refused", (line) => {
    expect(checkAmbient([sourceFile("shared/policy/x.ts", line)])).toHaveLength(1);
  });

  test.each([
    "shared/domain/x.ts",
    "shared/ledger/x.ts",
    "orchestrations/x.ts",
    "functions/activities/x.ts",
    "functions/x.ts",
    "simulator/azure/x.ts",
  ])("in %s too", (path) => {
    expect(checkAmbient([sourceFile(path, "Date.now();")])).toHaveLength(1);
  });

  test.each([
    "const day = new Date(facts.now).getUTCDay();",
    "// Date.now() would differ at every replay",
    'const says = "fetch(url)";',
    "const rate = 4 / 2; const word = /Math.random/;",
    "ports.fetch(url);",
    "const start: Date = given;",
  ])("%s is fine", (line) => {
    expect(checkAmbient([sourceFile("shared/policy/x.ts", line)])).toEqual([]);
  });

  test("a composition root may read its environment", () => {
    expect(checkAmbient([sourceFile("functions/main.ts", "loadConfig(process.env);")])).toEqual([]);
  });
});

describe("promises that nobody awaits", () => {
  test.each([
    "void exchange(incoming);",
    "const act = (): void => void answer();",
    "for (const one of all) void one.close();",
    "setTimeout(async () => look(), 1);",
    "setTimeout(async function later() {}, 1);",
    'process.on("message", async (message) => judge(message));',
    "clock.setTimer(at, async () => look());",
    "createServer(async (request, response) => answer(request));",
  ])("%s is refused", (line) => {
    expect(checkUnawaited([sourceFile("judge/x.ts", line)])).toHaveLength(1);
  });

  test.each([
    "unawaited(exchange(incoming), say);",
    "export type Say = (because: string) => void;",
    "let end: ((end: End) => void) | null;",
    "function nothing(): void {}",
    "setTimeout(() => look(), 1);",
    "// void of meaning",
    'const says = "void exchange()";',
    "await run(async () => work());",
  ])("%s is fine", (line) => {
    expect(checkUnawaited([sourceFile("judge/x.ts", line)])).toEqual([]);
  });

  test("a test may leave one, since the run fails of it", () => {
    expect(checkUnawaited([sourceFile("test/x.test.ts", "void host.stop();")])).toEqual([]);
  });
});

describe("sizes", () => {
  const body = "  step();\n".repeat(69);

  test("a file of 401 lines is refused, one of 400 is not", () => {
    const of = (lines: number) => sourceFile("cli/x.ts", "a();\n".repeat(lines));
    expect(checkFileSizes([of(401)])).toEqual(["cli/x.ts has 401 lines; 400 are allowed"]);
    expect(checkFileSizes([of(400)])).toEqual([]);
  });

  test.each([
    ["a function", `function long() {\n${body}}`],
    ["a generator", `function* long(a: A): Steps<{ b: B }> {\n${body}}`],
    ["one whose result is spelled out", `function long(): { kind: "x" } {\n${body}}`],
    ["an arrow", `const long = async (a: A) => {\n${body}};`],
    ["a method", `class Long {\n  step(a: A): void {\n${body}  }\n}`],
  ])("%s of 71 lines is refused", (_, text) => {
    expect(checkFunctionSizes([sourceFile("cli/x.ts", text)])).toHaveLength(1);
  });

  test.each([
    ["an interface", `interface Long {\n${body}}`],
    ["a table", `const table = {\n${body}};`],
    ["a class", `class Long extends Short<A> {\n${body}}`],
  ])("%s may be longer", (_, text) => {
    expect(checkFunctionSizes([sourceFile("cli/x.ts", text)])).toEqual([]);
  });

  test("a function of 70 lines is fine", () => {
    const text = `function fits() {\n${body.replace("  step();\n", "")}}`;
    expect(checkFunctionSizes([sourceFile("cli/x.ts", text)])).toEqual([]);
  });
});

describe("names and words", () => {
  test.each([
    "shared/utils.ts",
    "shared/policy/date-helpers.ts",
    "shared/common/a.ts",
    "functions/claim-manager.ts",
    "shared/azure/sql-service.ts",
    "shared/policy/decideFailover.ts",
    "test/policy/Decide.test.ts",
  ])("the name %s is refused", (path) => {
    expect(checkNames([sourceFile(path, "")])).toHaveLength(1);
  });

  test.each([
    ["a promise", "// TO" + "DO: later"],
    ["a silenced check", "// @ts-" + "ignore"],
    ["a silenced check", "// @ts-" + "nocheck"],
    ["a cast past the types", "const a = b as unknown " + "as A;"],
    ["a cast past the types", "const a = b as " + "any;"],
    ["a default export", "export " + "default a;"],
    ["a path of one machine", 'const at = "/ho' + 'me/ann/x";'],
    ["another style of never", "const never: never = kind;"],
    ["another style of never", "function refuse(kind: never): never {}"],
    ["a path of one machine", 'import { a } from "/wo' + 'rk/main/a.ts";'],
    ["a registry's address", 'const from = "https://regis' + 'try.example.net/";'],
  ])("%s is refused", (what, text) => {
    const found = checkWords([sourceFile("shared/policy/x.ts", text)]);
    expect(found).toEqual([expect.stringContaining(`holds ${what}`)]);
  });
});

describe("pages", () => {
  test.each([
    ["no title", "## Second"],
    ["two titles", "# One\n\n# Two"],
    ["a link to a file that is not there", "# One\n\n[x](missing.md)"],
    ["a link to a heading that is not there", "# One\n\n[x](#two)"],
  ])("%s is refused", (_, text) => {
    expect(checkMarkdown([sourceFile("docs/x.md", text)])).toHaveLength(1);
  });

  test("a comment in a shell session is no title", () => {
    const text = "# One\n\n```\n# not a title\n[x](missing.md)\n```\n\n[x](#one)";
    expect(checkMarkdown([sourceFile("docs/x.md", text)])).toEqual([]);
  });

  test.each([
    ["a file that is not there", "| I1 | x | `shared/policy/missing.ts` | not yet |"],
    ["an empty enforcement", "| I1 | x |  | not yet |"],
    ["code without a test", "| I1 | x | `shared/policy/decide.ts` | |"],
  ])("a row of the spec with %s is refused", (_, row) => {
    const ids = checkSpec([sourceFile("docs/spec.md", row)]).filter((line) => /^I1\b/.test(line));
    expect(ids).toHaveLength(1);
  });
});

describe("lists of the outside in arguments", () => {
  test.each(["items.push(...body.items);", "const a = Math.max(...ages);", "a.push(1, ...page)"])(
    "%s",
    (code) => {
      expect(checkSpreads([sourceFile("shared/azure/x.ts", code)])).toHaveLength(1);
      expect(checkSpreads([sourceFile("shared/policy/x.ts", code)])).toEqual([]);
    },
  );

  test.each(["pages.push(page);", "const all = [...a, ...b];", "f({ ...options });"])(
    "not: %s",
    (code) => {
      expect(checkSpreads([sourceFile("shared/azure/x.ts", code)])).toEqual([]);
    },
  );
});

describe("numbers of the outside", () => {
  test.each([
    'const bytes = Number(headers.get("content-length"));',
    "const at = Date.parse(text);",
    "const age = Number.parseFloat(text);",
    "const id = parseInt(text, 10);",
    "const Age = z.coerce.number();",
  ])("%s", (code) => {
    expect(checkNumbers([sourceFile("shared/azure/x.ts", code)])).toHaveLength(1);
    expect(checkNumbers([sourceFile("shared/policy/x.ts", code)])).toEqual([]);
  });

  test.each(["wholeIn(text) ?? 0", "Number.isFinite(x)", "meaningOfNumber(1)", "z.number()"])(
    "not: %s",
    (code) => {
      expect(checkNumbers([sourceFile("shared/azure/x.ts", code)])).toEqual([]);
    },
  );
});
