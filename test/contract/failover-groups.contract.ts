import { describe, expect, test } from "vitest";
import type { FailoverGroups, PostAnswer } from "../../shared/ports/failover-groups.ts";
import type { World } from "../../simulator/azure/world/world.ts";
import type { Fault } from "../../simulator/faults.ts";
import {
  createLab,
  fault,
  group,
  home,
  type Lab,
  MINUTE,
  partner,
  SECOND,
} from "./world-under-test.ts";

export const TIMEOUT_MS = 8 * SECOND;

const forced = { group: group.name, from: home, to: partner, kind: "forced" } as const;
const planned = { ...forced, kind: "planned" } as const;

/** What any way to the failover groups must do. `make` may have to warm up; its calls end in 8 s. */
export function failoverGroupsContract(
  name: string,
  make: (world: World) => Promise<FailoverGroups>,
): void {
  const start = async (...faults: readonly Fault[]): Promise<Lab & { groups: FailoverGroups }> => {
    const lab = createLab(faults);
    return { ...lab, groups: await make(lab.world) };
  };

  describe(name, () => {
    test("each side tells its own role, both tell the same pair", async () => {
      const { run, groups } = await start();
      const pair = { primaryInstanceId: home.id, partnerInstanceId: partner.id };
      const rest = {
        kind: "read",
        replication: { kind: "following", said: "CATCH_UP" },
        failoverPolicy: "manual",
        ...pair,
      };
      expect(await run(groups.read(group.name, home))).toEqual({ ...rest, role: "primary" });
      expect(await run(groups.read(group.name, partner))).toEqual({ ...rest, role: "secondary" });
    });

    test("a group that does not exist is not found, which is not the same as unknown", async () => {
      const { run, groups } = await start();
      const reading = await run(groups.read("no-such-group", partner));
      expect(reading).toEqual({ kind: "not-found", code: "ResourceNotFound" });
    });

    test("a group under Microsoft's policy says so", async () => {
      const { run, groups } = await start(fault("policy-automatic"));
      const reading = await run(groups.read(group.name, partner));
      expect(reading).toMatchObject({ failoverPolicy: "automatic" });
    });

    test("a forced failover runs for two polls at least, and both sides flip only at its end", async () => {
      const { run, pass, groups, world } = await start();
      const accepted = await run(groups.failOver(forced));
      expect(accepted).toMatchObject({ kind: "accepted", retryAfterMs: 10 * SECOND });
      for (let poll = 0; poll < 2; poll++) {
        expect(await run(groups.poll(pollOf(accepted)))).toMatchObject({ kind: "running" });
        const reading = await run(groups.read(group.name, partner));
        expect(reading).toMatchObject({ role: "secondary", primaryInstanceId: home.id });
        await pass(9 * SECOND);
      }
      await pass(20 * SECOND);
      expect(await run(groups.poll(pollOf(accepted)))).toEqual({ kind: "succeeded" });
      const flipped = { primaryInstanceId: partner.id, partnerInstanceId: home.id };
      const there = await run(groups.read(group.name, partner));
      expect(there).toMatchObject({ role: "primary", ...flipped });
      const here = await run(groups.read(group.name, home));
      expect(here).toMatchObject({ role: "secondary", ...flipped });
      expect(world.record.posts).toMatchObject([{ kind: "forced", answer: "accepted" }]);
    });

    test("asked on the primary's side it refuses as already done", async () => {
      const { run, groups, world } = await start();
      const answer = await run(groups.failOver({ ...forced, from: partner, to: home }));
      const code = "InstanceFailoverGroupFailoverRequestOnPrimary";
      expect(answer).toMatchObject({ kind: "refused", errorClass: "already-done", code });
      expect(world.record.roles).toHaveLength(1);
    });

    test("while a planned failover runs, a forced one is refused as busy", async () => {
      const { run, groups } = await start();
      expect(await run(groups.failOver(planned))).toMatchObject({ kind: "accepted" });
      const answer = await run(groups.failOver(forced));
      const code = "InstanceFailoverGroupBusy";
      expect(answer).toMatchObject({ kind: "refused", errorClass: "busy", runs: true, code });
    });

    test("while seeding, every failover is refused as busy", async () => {
      const { run, groups } = await start(fault("seeding"));
      for (const request of [planned, forced]) {
        const answer = await run(groups.failOver(request));
        expect(answer).toMatchObject({ kind: "refused", errorClass: "busy" });
      }
    });

    test("a planned failover without its primary runs until it times out, and says so", async () => {
      const dark = fault("region-dark", { region: home.region });
      const { run, pass, groups, world } = await start(dark);
      const accepted = await run(groups.failOver(planned));
      await pass(9 * MINUTE);
      expect(await run(groups.poll(pollOf(accepted)))).toMatchObject({ kind: "running" });
      await pass(2 * MINUTE);
      const ended = await run(groups.poll(pollOf(accepted)));
      const code = "PlannedFailoverTimedOut";
      expect(ended).toMatchObject({ kind: "failed", errorClass: "escalate-by-policy", code });
      expect(world.record.roles).toHaveLength(1);
    });

    test("a key refusal goes to a human", async () => {
      const code = "AzureKeyVaultMissingPermissions";
      const { run, groups } = await start(fault("arm-refuses", { region: partner.region, code }));
      const answer = await run(groups.failOver(forced));
      expect(answer).toMatchObject({ kind: "refused", errorClass: "page-a-human", code });
    });

    test("throttled, it is told to wait and nothing was started", async () => {
      const { run, groups, world } = await start(fault("arm-throttled", { retryAfterSeconds: 30 }));
      const answer = await run(groups.failOver(forced));
      const wait = { errorClass: "busy", runs: false, retryAfterMs: 30 * SECOND };
      expect(answer).toMatchObject({ kind: "refused", ...wait });
      expect(world.record.posts).toEqual([]);
      expect(await run(groups.read(group.name, partner))).toMatchObject({ kind: "unknown" });
    });

    test.each([500, 503, 504])("a %i says neither yes nor no", async (status) => {
      const { run, groups } = await start(fault("arm-5xx", { status }));
      expect(await run(groups.failOver(forced))).toMatchObject({ kind: "unanswered" });
      expect(await run(groups.read(group.name, partner))).toMatchObject({ kind: "unknown" });
    });

    test("a gateway's page instead of an answer is unknown", async () => {
      const { run, groups } = await start(fault("arm-html"));
      expect(await run(groups.read(group.name, partner))).toMatchObject({ kind: "unknown" });
    });

    test.each([
      ["Resource Manager", fault("arm-down")],
      ["our own network", fault("vantage-blind", { site: "neu" })],
    ])("silence of %s ends at the deadline, and is unknown", async (_of, silence) => {
      const { run, clock, groups } = await start(silence);
      const startedAt = clock.now();
      expect(await run(groups.read(group.name, partner))).toMatchObject({ kind: "unknown" });
      expect(clock.now() - startedAt).toBeLessThanOrEqual(TIMEOUT_MS + SECOND);
      expect(await run(groups.failOver(forced))).toMatchObject({ kind: "unanswered" });
      expect(clock.now() - startedAt).toBeLessThanOrEqual(2 * (TIMEOUT_MS + SECOND));
    });

    test("an answer that was lost on its way may have started it", async () => {
      const { run, pass, groups, world } = await start(fault("arm-answer-lost"));
      expect(await run(groups.failOver(forced))).toMatchObject({ kind: "unanswered" });
      await pass(MINUTE);
      expect(world.record.roles).toMatchObject([{ kind: "start" }, { primary: "partner" }]);
    });

    test("a request that takes its time starts it after its caller has given up", async () => {
      const { run, pass, groups, world } = await start(fault("arm-late", { seconds: 20 }));
      expect(await run(groups.failOver(forced))).toMatchObject({ kind: "unanswered" });
      expect(world.record.posts).toEqual([]);
      await pass(2 * MINUTE);
      expect(world.record.posts).toMatchObject([{ answer: "accepted" }]);
    });

    test("names that do not resolve: nothing was sent", async () => {
      const { run, groups, world } = await start(fault("dns-fail"));
      expect(await run(groups.failOver(forced))).toMatchObject({ kind: "refused" });
      expect(world.record.posts).toEqual([]);
    });

    test("without a token nothing is sent", async () => {
      const { run, groups, world } = await start(fault("identity-down", { tokenGoodFor: 0 }));
      const answer = await run(groups.failOver(forced));
      expect(answer).toMatchObject({ kind: "refused", errorClass: "unknown" });
      expect(await run(groups.read(group.name, partner))).toMatchObject({ kind: "unknown" });
      expect(world.record.posts).toEqual([]);
    });

    test("a poll URL that was altered by one letter leads nowhere", async () => {
      const { run, groups } = await start();
      const poll = pollOf(await run(groups.failOver(forced)));
      const ticket = `${poll.ticket.slice(0, -1)}${poll.ticket.endsWith("A") ? "B" : "A"}`;
      const answer = await run(groups.poll({ ...poll, ticket }));
      expect(answer.kind).not.toBe("running");
      expect(answer.kind).not.toBe("succeeded");
    });

    test("a dark region's side does not answer, the other one does", async () => {
      const { run, groups } = await start(fault("region-dark", { region: home.region }));
      expect(await run(groups.read(group.name, home))).toMatchObject({ kind: "unknown" });
      expect(await run(groups.read(group.name, partner))).toMatchObject({ role: "secondary" });
    });
  });
}

function pollOf(answer: PostAnswer): { to: typeof partner; ticket: string } {
  if (answer.kind !== "accepted" || answer.ticket === null) {
    throw new Error(`Cannot poll: nothing was accepted: ${JSON.stringify(answer)}`);
  }
  return { to: partner, ticket: answer.ticket };
}
