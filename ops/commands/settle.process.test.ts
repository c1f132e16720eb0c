import { expect, test } from "vitest";
import { AdminDesk } from "../../drills/admin_desk.ts";
import { WebhookSource } from "../../drills/webhook_source.ts";
import { programs } from "../../supervisors/main_test_kit.ts";

const { start, folder } = programs();
const MATCH = "settled-by-hand";
const COMMAND = "ops/commands/settle.ts";

test("deno task settle holds, goes on, and takes a market out", async () => {
  const settings = {
    ...WebhookSource.settings,
    GOLAZO_DATA: folder.path("data"),
    GOLAZO_SETTLEMENT_HOLD_MS: "3600000",
  };
  const server = start([], { settings });
  const [, address] = await server.says(/^listening (http:\S+)$/);
  const [, admin] = await server.says(/^admin (http:\S+)$/);
  const settle = async (...words: string[]) => {
    const program = start(words, { program: COMMAND, settings });
    return { code: await program.exitCode, said: program.lines.join("\n") };
  };
  const source = new WebhookSource(() => address!);
  const kickoffAt = Date.now() - 3 * 3_600_000;
  const fact = (id: string, type: string, fields: object) => (
    { id, revision: 1, type, occurredAt: kickoffAt, ...fields }
  );
  await source.post(MATCH, [
    fact("fixture", "match.scheduled", {
      ...{ competition: "League", stage: "", kickoffAt, format: { kind: "league" } },
      home: { id: "h", name: "Home" },
      away: { id: "a", name: "Away" },
    }),
    ...["firstHalf", "secondHalf"].flatMap((period) => [
      fact(`start-${period}`, "period.started", { period }),
      fact(`end-${period}`, "period.ended", { period }),
    ]),
  ]);
  const held = await settle(MATCH, "--hold", "waits for a verdict");
  expect(held).toMatchObject({ code: 0, said: expect.stringContaining("waits for a verdict") });
  expect(await settle(MATCH, "--resume")).toMatchObject({ code: 0 });
  const done = await settle(MATCH);
  expect(done).toMatchObject({ code: 0, said: expect.stringContaining('"state":"settled"') });
  expect(done.said).toMatch(/run 1 \[#+\] 1\/1 written, 1 ranked, settled/);
  const progress = await (await fetch(`${address}/api/matches/${MATCH}/settlement`)).json();
  expect(progress).toMatchObject({ matchId: MATCH, run: 1 });
  const voided = await settle(MATCH, "--void", "possession", "--reason", "no figure");
  expect(voided.said).toContain("unchanged");
  expect((await settle(MATCH, "--void", "corners", "--reason", "x")).said).toContain("one of");
  expect((await settle(MATCH, "--hold")).code).not.toBe(0);
  expect(await new AdminDesk(admin!, folder.path("data")).parked()).toEqual([]);
  expect(await server.stop()).toBe(0);
}, 60_000);
