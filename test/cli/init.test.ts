import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createGroupDirectory } from "../../cli/check/azure/group-directory.ts";
import { gapsIn } from "../../cli/init/write-config.ts";
import { writeFirstConfig } from "../../cli/init-config.ts";
import { runCommand } from "../../cli/run-command.ts";
import { createInstances } from "../../shared/azure/instances.ts";
import { createSqlManagement } from "../../shared/azure/sql-management.ts";
import { createSimulatedCredential } from "../../simulator/azure/data/simulated-credential.ts";
import { createWire } from "../../simulator/azure/wire.ts";
import type { Fault } from "../../simulator/faults.ts";
import { createLab, fault, home, partner } from "../contract/world-under-test.ts";

const folder = mkdtempSync(join(tmpdir(), "geo-failover-init-"));
afterAll(() => rmSync(folder, { recursive: true }));
let out = "";
let files = 0;
beforeEach(() => {
  out = join(folder, `config-${++files}.yaml`);
});

/** `init` for two instances of a simulated Azure, asked from outside of it. */
async function init(
  faults: readonly Fault[],
  ids: readonly [string, string] = [home.id, partner.id],
  options: Readonly<Record<string, string>> = { "third-region": "swedencentral" },
) {
  const { world, run } = createLab(faults);
  const operator = {
    name: "operator",
    region: "outside",
    url: "",
    reference: null,
    store: null,
  };
  const arm = {
    credential: createSimulatedCredential(world, operator),
    httpClient: createWire(world, operator),
    timeoutMs: 8_000,
    clock: world.clock,
    createClient: createSqlManagement,
  };
  const sources = { instances: createInstances(arm), directory: createGroupDirectory(arm) };
  const answer = await run(
    writeFirstConfig({ operands: ids, options: { ...options, out } }, sources),
  );
  return { ...answer, text: readFileSync(out, "utf8") };
}

/** What an operator would put into the gaps. */
function filled(text: string): string {
  let count = 0;
  return text
    .replace(/^( +url: )".*"$/gm, () => `  url: https://site-${++count}.example.net`.padStart(4))
    .replace(/^ {2}url/gm, "    url")
    .replace(/^( +reference: )".*"$/gm, "$1sql-ref.example.net:1433")
    .replace(/^( +store: )".*"$/gm, () => `    store: https://st${++count}.table.core.windows.net`);
}

describe("init", () => {
  test("writes what Azure tells, and passes the check once the gaps are filled", async () => {
    const { exitCode, stdout, text } = await init([]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`written: ${out}`);
    expect(stdout).toContain("9 to fill in:");
    expect(text).toContain("  - name: orders-fog\n");
    expect(text).toContain(`      fqdn: ${home.fqdn}\n`);
    expect(text).toContain("  mode: observe");

    const refused = await runCommand(["config", "check", out], {});
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain("9 problems");

    writeFileSync(out, filled(text));
    const { exitCode: passed, stdout: said } = await runCommand(["config", "check", out], {});
    expect(said).toMatch(/ is sound: 3 sites; orders-fog \(observe\)\n$/);
    expect(passed).toBe(0);
  });

  test("home is the primary of today, whichever instance was named first", async () => {
    const { text } = await init([], [partner.id, home.id]);
    expect(text).toMatch(new RegExp(`home:\\n +instance: ${home.id}\\n`));
    expect(text).toContain("# The primary of today.");
  });

  test("where Azure does not answer it leaves gaps, says so, and guesses nothing", async () => {
    const { exitCode, stdout, text } = await init([fault("arm-down")]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("not known: mi-orders-weu could not be read: timed-out");
    expect(text).toContain('region: "<region of mi-orders-weu>"');
    expect(text).toContain("Nobody said who is primary");
  });

  test("a region that does not answer leaves its own gaps only", async () => {
    const { text } = await init([fault("arm-down", { region: home.region })]);
    expect(text).toContain('region: "<region of mi-orders-weu>"');
    expect(text).toContain(`region: ${partner.region}`);
    expect(text).toMatch(new RegExp(`home:\\n +instance: ${home.id}\\n`));
  });

  test("instances that no group pairs get no name", async () => {
    const other = partner.id.replace("mi-orders-neu", "mi-other-neu");
    const { stdout, text } = await init([], [home.id, other]);
    expect(stdout).toContain("no failover group pairs these two instances");
    expect(text).toContain('  - name: "<name of the failover group>"');
  });

  test("the name that is given wins", async () => {
    const { text } = await init([], [home.id, partner.id], { group: "billing-fog" });
    expect(text).toContain("  - name: billing-fog\n");
  });

  test("every gap is refused by the check, with what to write", async () => {
    await runCommand(["init", home.id, partner.id, "--offline", "--out", out], {});
    const text = readFileSync(out, "utf8");
    const { stdout } = await runCommand(["config", "check", out], {});
    expect(gapsIn(text)).toHaveLength(17);
    expect(stdout).toContain("17 problems");
    expect(stdout.match(/; write /g)).toHaveLength(17);
  });

  test("an existing file stays as it is", async () => {
    writeFileSync(out, "mine\n");
    const args = ["init", home.id, partner.id, "--offline", "--out", out];
    const { exitCode, stderr } = await runCommand(args, {});
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`there is a file already, which stays as it is: ${out}`);
    expect(readFileSync(out, "utf8")).toBe("mine\n");
  });

  const server =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Sql/servers/orders";
  const arc = home.id.replace(
    "Microsoft.Sql/managedInstances",
    "Microsoft.AzureArcData/sqlManagedInstances",
  );
  test.each([
    ["an Arc-enabled instance", [arc, partner.id], "Azure Arc-enabled instances are not supported"],
    ["SQL Database", [home.id, server], "SQL Database failover groups are not supported"],
    ["one instance twice", [home.id, home.id.toUpperCase()], "both ids are the same"],
    ["something else", ["mi-orders-weu", partner.id], "must be the resource id"],
    [
      "a bad group name",
      [home.id, partner.id, "--group", "Orders FOG"],
      "Cannot take the group name",
    ],
    ["a folder that is not there", [home.id, partner.id, "--out", "/nowhere/x.yaml"], "ENOENT"],
  ])("refuses %s, and writes nothing", async (_name, operands, because) => {
    const target = operands.includes("--out") ? [] : ["--out", out];
    const args = ["init", ...operands, "--offline", ...target];
    const { exitCode, stderr } = await runCommand(args, {});
    expect(exitCode).toBe(2);
    expect(stderr).toContain(because);
    expect(() => readFileSync(out)).toThrow();
  });
});
