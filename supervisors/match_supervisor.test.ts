import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Ledger } from "../actors/ledger.ts";
import { FEED, goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import { limits } from "../runtime/limits.ts";
import { type OwnersStage, ownersStage, type Told } from "./owners_test_kit.ts";

const OTHER = "bra-ger-2014-07-08";
const CHILD = `match/${MATCH_ID}`;

let stage: OwnersStage;
beforeEach(async () => (stage = await ownersStage()));
afterEach(() => stage.close());

const play = [scheduled(), started("firstHalf")];
const goals = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => goal("home", first + index));

/** Facts over which the match crashes, one after another, until it is parked. */
async function park(): Promise<Told[]> {
  stage.faults.over = (matchId) => matchId === MATCH_ID;
  const asked = goals(1, 8).map((fact) => stage.tell([fact]));
  for (let step = 0; step < 50 && stage.state() !== "parked"; step++) await stage.pass(200);
  expect(stage.state()).toBe("parked");
  return (await Promise.all(asked)).flat();
}

describe("MatchSupervisor.deliver", () => {
  test("answers once SQL has it, in the order of the deliveries", async () => {
    expect(await stage.tell([...play, goal("home", 23), goal("home", 23)])).toEqual([
      "accepted",
      "accepted",
      "accepted",
      "duplicate",
    ]);
    expect(await stage.ledger()).toContain("goal-home-23+0");
    expect(await stage.waiting()).toBe(0);
    expect(await stage.published()).toEqual([1, 2, 3, 4, 5]);
  });

  test("tells of a match once, when it has an entry", async () => {
    expect(await stage.tell([goal("home", 1)])).toEqual(["rejected"]);
    expect(stage.existing).toEqual([]);
    await stage.tell(play);
    await stage.tell([goal("home", 1)]);
    await stage.tell(play, OTHER);
    expect(stage.existing).toEqual([MATCH_ID, OTHER]);
  });

  test("600 at once are all applied, though the inbox holds 256", async () => {
    await stage.tell(play);
    const facts = Array.from(
      { length: 600 },
      (_, index) => goal("home", 1 + (index % 45), { id: `g${index}` }),
    );
    const answers = await Promise.all(facts.map((fact) => stage.tell([fact])));
    expect(answers.flat().filter((outcome) => outcome !== "accepted")).toEqual([]);
    expect((await stage.ledger()).filter((id) => id.startsWith("g"))).toHaveLength(600);
    expect(await stage.waiting()).toBe(0);
    expect(stage.heard).toEqual([]);
  });

  test("past 2,000 waiting it says that the owner cannot, and keeps what it has", async () => {
    await stage.tell(play);
    stage.faults.over = () => true;
    const first = stage.tell(goals(1, 1));
    await stage.pass();
    const many = Array.from(
      { length: limits.matchFactsMax },
      (_, index) => goal("home", 2, { id: `w${index}` }),
    );
    expect((await stage.tell(many))[0]).toBe("ownerUnavailable");
    stage.faults.over = () => false;
    await stage.pass(1_000);
    expect(await first).toEqual(["accepted"]);
  });
});

test("MatchSupervisor: a place in the intake that is given again belongs to both facts", async () => {
  await stage.tell(play);
  stage.faults.over = () => true;
  const receivedAt = stage.clock.now();
  // Nobody has decided on the first when its store is emptied and counts from 1 again.
  const told = goals(1, 2).map((fact) =>
    stage.matches.deliver(MATCH_ID, [{ fact, receivedAt, intake: 7 }])
  );
  await stage.pass();
  stage.faults.over = () => false;
  await stage.pass(1_000);
  expect((await Promise.all(told)).flat()).toEqual(Array(2).fill({ outcome: "accepted" }));
  expect(await stage.ledger()).toEqual(
    expect.arrayContaining(["goal-home-1+0", "goal-home-2+0"]),
  );
});

describe("MatchSupervisor: a crash", () => {
  test("costs those who wait the restart and nothing else", async () => {
    await stage.tell(play);
    let crashes = 1;
    stage.faults.over = () => crashes-- > 0;
    const asked = stage.tell([goal("home", 23), goal("home", 24)]);
    await stage.pass();
    expect(stage.state()).toBe("backingOff");
    await stage.pass(limits.restartDelayMsMin);
    expect(await asked).toEqual(["accepted", "accepted"]);
    expect(stage.heard).toEqual([`restarted ${CHILD}: no way with goal-home-23+0`]);
  });

  test("never touches a neighbour", async () => {
    await stage.tell(play);
    await stage.tell(play, OTHER);
    stage.faults.over = (matchId) => matchId === MATCH_ID;
    void stage.tell(goals(1, 1));
    await stage.pass();
    expect(stage.state()).toBe("backingOff");
    expect(await stage.tell(goals(1, 3), OTHER)).toEqual(["accepted", "accepted", "accepted"]);
    const other = stage.matches.status().find(({ id }) => id.endsWith(OTHER))!;
    expect(other).toMatchObject({ state: "running", restartsTotal: 0 });
  });

  test("the second over the same fact makes it a dead letter; the others are decided", async () => {
    await stage.tell(play);
    stage.faults.over = (_match, { fact }) => fact.id === "goal-home-2+0";
    const asked = stage.tell(goals(1, 3));
    await stage.pass(limits.restartDelayMsMin);
    expect(await asked).toEqual(["accepted", "rejected", "accepted"]);
    expect(await stage.ledger()).not.toContain("goal-home-2+0");
    expect(await stage.deadLetters.list()).toMatchObject([
      { match: MATCH_ID, reason: "no way with goal-home-2+0", delivery: { fact: { minute: 2 } } },
    ]);
    expect(await stage.waiting()).toBe(0);
    expect(stage.heard.filter((line) => line.startsWith("restarted"))).toHaveLength(1);
  });

  test("a fact that went through is not blamed later", async () => {
    await stage.tell(play);
    let crashes = 1;
    stage.faults.over = () => crashes-- > 0;
    const asked = stage.tell(goals(1, 1));
    await stage.pass(limits.restartDelayMsMin);
    expect(await asked).toEqual(["accepted"]);
    crashes = 1;
    const again = stage.tell(goals(1, 1));
    await stage.pass(1_000);
    expect(await again).toEqual(["duplicate"]);
    expect(await stage.deadLetters.list()).toEqual([]);
  });
});

describe("MatchSupervisor: a parked match", () => {
  test("tells those who wait to come back; the intake keeps their facts", async () => {
    await stage.tell(play);
    const answers = await park();
    expect(new Set(answers)).toEqual(new Set(["rejected", "ownerUnavailable"]));
    const unavailable = answers.filter((answer) => answer === "ownerUnavailable").length;
    expect(await stage.waiting()).toBe(unavailable);
    expect(stage.rested.at(-1)).toBe(`${MATCH_ID} rests`);
  });

  test("is not woken: who speaks to it is told why and by whom it is unparked", async () => {
    await stage.tell(play);
    await park();
    await expect(stage.matches.wake(MATCH_ID)).rejects.toMatchObject({
      code: "ownerUnavailable",
      retryable: true,
      message: expect.stringMatching(/parked after no way with .*unpark it at \/api\/ops\/parked/),
    });
    expect(stage.matches.isParked(MATCH_ID)).toBe(true);
    expect(stage.matches.parkedSince(CHILD)).toBeLessThanOrEqual(stage.clock.now());
    expect(stage.matches.parkedSince(CHILD)).toBeGreaterThan(0);
  });

  test("parks nobody else", async () => {
    await stage.tell(play);
    await stage.tell(play, OTHER);
    await park();
    expect(stage.state(OTHER)).toBe("running");
    expect(await stage.tell(goals(1, 1), OTHER)).toEqual(["accepted"]);
    expect(stage.heard.filter((line) => line.startsWith("parked"))).toEqual([`parked ${CHILD}`]);
  });

  test("unparked, it decides what the intake kept, and says that it is up", async () => {
    await stage.tell(play);
    await park();
    const kept = await stage.waiting();
    expect(kept).toBeGreaterThan(0);
    stage.faults.over = () => false;
    stage.rested.length = 0;
    expect(stage.matches.unpark(CHILD)).toBe("unparked");
    await stage.pass(100);
    expect(stage.state()).toBe("running");
    expect(await stage.waiting()).toBe(0);
    expect(stage.rested).toEqual([`${MATCH_ID} is up`]);
    expect(await stage.tell([goal("home", 40)])).toEqual(["accepted"]);
    expect([stage.matches.isParked(MATCH_ID), stage.matches.parkedSince(CHILD)]).toEqual([
      false,
      0,
    ]);
  });

  test("unpark knows who is not parked and who is not there", async () => {
    await stage.tell(play);
    expect(stage.matches.unpark(CHILD)).toBe("notParked");
    expect(stage.matches.unpark("match/nobody")).toBe("unknown");
  });
});

describe("MatchSupervisor: waking and sleeping", () => {
  test("knows a match from its first entry on, awake or asleep", async () => {
    expect(await stage.matches.knows(MATCH_ID)).toBe(false);
    await stage.tell(play);
    await stage.matches.passivate(MATCH_ID);
    expect(await stage.matches.knows(MATCH_ID)).toBe(true);
    expect(stage.matches.awake()).toEqual([]);
    await stage.streams.reset(`ledger/match/${MATCH_ID}`, 99, 0);
    expect(await stage.matches.knows(MATCH_ID)).toBe(true);
  });

  test("the next delivery wakes a match with all that it knew", async () => {
    await stage.tell([...play, goal("home", 23)]);
    await stage.matches.passivate(MATCH_ID);
    expect(await stage.tell([goal("home", 23), goal("away", 30)])).toEqual([
      "duplicate",
      "accepted",
    ]);
    expect(await stage.published()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("a successor decides what the intake still held", async () => {
    await stage.tell(play);
    await stage.intake.push(MATCH_ID, [{ fact: goal("home", 23), receivedAt: 0 }]);
    await stage.comeBack();
    await stage.matches.wake(MATCH_ID);
    await stage.pass(100);
    expect(await stage.ledger()).toContain("goal-home-23+0");
    expect(await stage.waiting()).toBe(0);
  });

  test("what comes during a start is offered after what the intake held", async () => {
    await stage.intake.push(MATCH_ID, play.map((fact) => ({ fact, receivedAt: 0 })));
    const waking = stage.matches.wake(MATCH_ID);
    const asked = stage.tell([goal("home", 23)]);
    await waking;
    expect(await asked).toEqual(["accepted"]);
    const ids = await stage.ledger();
    expect(ids.indexOf("fixture")).toBeLessThan(ids.indexOf("goal-home-23+0"));
  });

  test("two who wake a match at once get one owner", async () => {
    const [first, second] = await Promise.all([1, 2].map(() => stage.matches.wake(MATCH_ID)));
    expect(first).toBe(second);
    expect(stage.matches.status()).toHaveLength(1);
  });

  test("a start that fails is tried again, and who waits is answered then", async () => {
    await stage.tell(play);
    await stage.matches.passivate(MATCH_ID);
    const { top } = stage.records;
    let failures = 2;
    stage.records.top = (matchId) =>
      failures-- > 0 ? Promise.reject(new Error("SQL is away")) : top.call(stage.records, matchId);
    const asked = stage.tell([goal("home", 23)]);
    await stage.pass(1_000);
    await stage.pass(1_000);
    expect(await asked).toEqual(["accepted"]);
    expect(stage.heard).toEqual([
      `restarted ${CHILD}: SQL is away`,
      `restarted ${CHILD}: SQL is away`,
    ]);
  });

  test("after the end nobody is woken, and nobody waits for ever", async () => {
    await stage.tell(play);
    await stage.matches.stop("over");
    await expect(stage.matches.wake(OTHER)).rejects.toMatchObject({ code: "supervisorStopped" });
    await expect(stage.matches.wake(OTHER)).rejects.toMatchObject({ code: "supervisorStopped" });
  });

  test("a stop leaves a snapshot, so that the next start folds nothing", async () => {
    await stage.tell([...play, goal("home", 23)]);
    await stage.matches.stop("over");
    expect((await stage.cells.get(`snapshot/match/${MATCH_ID}`))!.bytes.length).toBeGreaterThan(
      100,
    );
  });
});

describe("MatchSupervisor: the match's own words", () => {
  const types = async () =>
    (await new Ledger<{ fact: { type: string } }>(stage.streams, "match", MATCH_ID).after(0))
      .map(({ body }) => body.fact.type);

  test("a sign of life is noted where it tells more than the ledger does", async () => {
    await stage.tell(play);
    stage.matches.heard(MATCH_ID, FEED);
    await stage.pass();
    expect(await types()).not.toContain("feed.heard");
    await stage.pass(limits.feedSilenceMsMax / 2 + 1);
    stage.matches.heard(MATCH_ID, "another");
    await stage.pass();
    expect(await types()).not.toContain("feed.heard");
    stage.matches.heard(MATCH_ID, FEED);
    await stage.pass();
    expect(await types()).toContain("feed.heard");
  });

  test("a silent source is said to be silent, and heard again", async () => {
    await stage.tell(play);
    await stage.pass(limits.feedSilenceMsMax);
    expect((await types()).at(-1)).toBe("feed.silenced");
    await stage.tell([goal("home", 23)]);
    expect(await types()).toContain("feed.resumed");
  });

  test("an operator changes the source; the same again is a duplicate", async () => {
    await stage.tell(play);
    const { matches } = stage;
    expect(await matches.changeSource(MATCH_ID, "another")).toEqual({ outcome: "accepted" });
    expect(await matches.changeSource(MATCH_ID, "another")).toEqual({ outcome: "duplicate" });
    expect((await types()).at(-1)).toBe("source.changed");
    expect(await stage.waiting()).toBe(0);
  });
});
