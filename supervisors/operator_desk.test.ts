import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goal, MATCH_ID, scheduled } from "../actors/match/match.testing.ts";
import { SafeDelivery } from "../feed/safe_delivery.ts";
import type { OperatorDesk } from "../gateway/http/operator_routes.ts";
import type { TreeOptions } from "./built.ts";
import { operatorDesk } from "./operator_desk.ts";
import { type OwnersStage, ownersStage } from "./owners_test_kit.ts";

let stage: OwnersStage;
let desk: OperatorDesk;
beforeEach(async () => {
  stage = await ownersStage();
  const { matches, intake, deadLetters, clock } = stage;
  const delivery = new SafeDelivery(intake, matches, clock);
  const built = { owners: { matches, intakeQueue: intake }, deadLetters, feed: { delivery } };
  const status = () => [{ id: "owners" }];
  desk = operatorDesk({ built, status } as unknown as TreeOptions);
});
afterEach(() => stage.close());

/** A goal over which the match crashed twice. */
async function deadLetter(minute = 23): Promise<void> {
  await stage.tell([scheduled()]);
  stage.faults.over = (_match, { fact }) => fact.id === `goal-home-${minute}+0`;
  void stage.tell([goal("home", minute)]);
  await stage.pass(1_000);
  stage.faults.over = () => false;
}

describe("OperatorDesk", () => {
  test("shows the whole tree, the owners and their partitions", async () => {
    await stage.tell([scheduled()]);
    expect(await desk.supervisors()).toEqual([{ id: "owners" }]);
    expect(await desk.owners()).toMatchObject([
      { id: `match/${MATCH_ID}`, state: "running", partition: expect.any(Number) },
    ]);
  });

  test("shows dead letters with their actor and reason", async () => {
    await deadLetter();
    expect(await desk.deadLetters()).toMatchObject([
      { id: "1", actor: `match/${MATCH_ID}`, reason: "no way with goal-home-23+0" },
    ]);
  });

  test("replays one as a new revision, and it is a dead letter no more", async () => {
    await deadLetter();
    expect(await desk.replay("1")).toBe("replayed");
    const entries = await stage.records.entriesAfter(MATCH_ID, 0, 99);
    expect(entries.at(-1)!.fact).toMatchObject({ id: "goal-home-23+0", revision: 2, minute: 23 });
    expect(await desk.deadLetters()).toEqual([]);
    expect(await desk.replay("1")).toBe("unknown");
  });

  test("what the match refuses by its rules stays where it is", async () => {
    const letter = { fact: goal("home", 23), intake: 1, receivedAt: 0 };
    await stage.deadLetters.keep({ match: "nobody", delivery: letter, reason: "", keptAt: 0 });
    expect(await desk.replay("1")).toBe("rejected");
    expect(await desk.deadLetters()).toHaveLength(1);
  });

  test("what kills its actor again is one dead letter, not two", async () => {
    await deadLetter();
    stage.faults.over = (_match, { fact }) => fact.id === "goal-home-23+0";
    const replaying = desk.replay("1");
    await stage.pass(2_000);
    expect(await replaying).toBe("replayed");
    expect((await desk.deadLetters()).map(({ id }) => id)).toEqual(["2"]);
  });

  test("shows who is parked, since when and why, and unparks", async () => {
    await stage.tell([scheduled()]);
    stage.faults.over = () => true;
    for (let minute = 1; minute < 9; minute++) void stage.tell([goal("home", minute)]);
    for (let step = 0; step < 50 && stage.state() !== "parked"; step++) await stage.pass(200);
    const [line] = await desk.parked();
    expect(line).toMatchObject({
      id: `match/${MATCH_ID}`,
      reason: expect.stringMatching(/^no way with goal-home/),
      since: expect.any(Number),
    });
    expect(line!.since).toBeGreaterThan(0);
    stage.faults.over = () => false;
    expect(await desk.unpark(`match/${MATCH_ID}`)).toBe("unparked");
    await stage.pass();
    expect(await desk.parked()).toEqual([]);
    expect(await desk.unpark(`match/${MATCH_ID}`)).toBe("unknown");
  });
});
