import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import type { BundledMatch } from "../bundled_match.ts";
import { loadBundledMatches } from "../bundled_match.ts";
import { eventsThat, feedKit, fixture } from "../feed_test_kit.ts";
import type { Submission, SubmissionResult } from "../intake.ts";
import { Replay } from "./replay.ts";

const MINUTE = 60_000;

function match(id: string, minutes: number, hasShootout = false): BundledMatch {
  const end = minutes * 60;
  const kicks = [{ at: end - 300, value: { id: "k1", type: "shootout.kicked" } }];
  return {
    id,
    title: id,
    sources: ["made up"],
    scheduled: fixture(),
    facts: [
      { at: -600, value: { id: "x", type: "lineup.published" } },
      { at: 0, value: { id: "h1", type: "period.started" } },
      { at: 1_800, value: { id: "g1", type: "goal.scored" } },
      ...(hasShootout ? kicks : []),
      { at: end, value: { id: "end", type: "period.ended" } },
      { at: end + 60, value: { id: "a1", type: "goal.annulled" } },
    ],
    shootoutAt: hasShootout ? end - 300 : null,
    finalWhistleAt: end,
  };
}

const FIVE = [
  match("c", 175, true),
  match("a", 112),
  match("b", 115),
  match("d", 109),
  match("e", 150),
];

interface Said extends Submission {
  values: Record<string, unknown>[];
}

/** A fan's list, kept from what the replay says and retires. */
class List {
  readonly said: Said[] = [];
  readonly matches = new Map<string, "scheduled" | "live" | "finished">();
  readonly retired: string[] = [];
  readonly known = new Set<string>();
  isDown = false;

  submit(submission: Submission): Promise<SubmissionResult> {
    if (this.isDown) return Promise.reject(new Error("the intake is down"));
    this.said.push(submission as Said);
    for (const { type } of submission.values as { type: string }[]) {
      if (type === "match.scheduled") this.matches.set(submission.matchId, "scheduled");
      if (type === "period.started") this.matches.set(submission.matchId, "live");
      if (type === "period.ended") this.matches.set(submission.matchId, "finished");
    }
    this.known.add(submission.matchId);
    return Promise.resolve({ outcome: "answered", results: [] });
  }

  knows(matchId: string): Promise<boolean> {
    return Promise.resolve(this.known.has(matchId));
  }

  retire(matchId: string): void {
    this.retired.push(matchId);
    this.matches.delete(matchId);
  }

  count(state: string): number {
    return [...this.matches.values()].filter((found) => found === state).length;
  }
}

function kit({ matches = FIVE, speed = 10, list = new List(), clock = new SimulatedClock() } = {}) {
  const warnings: string[] = [];
  const replay = new Replay({
    matches,
    speed,
    intake: list,
    owners: list,
    onRetired: (matchId) => list.retire(matchId),
    events: eventsThat({ warned: (message) => void warnings.push(message) }),
    clock,
  });
  return { replay, list, clock, warnings };
}

describe("Replay", () => {
  test("opens with a finished match, three live ones at different points, and the next", async () => {
    const { replay, list, clock } = kit();
    const now = clock.now();
    await replay.start();
    await clock.advance(0);
    expect(Object.fromEntries(list.matches)).toEqual({
      a: "finished",
      b: "live",
      c: "live",
      d: "live",
      e: "scheduled",
    });
    const kickoffs = list.said.flatMap(({ matchId, values }) =>
      values.filter(({ type }) => type === "match.scheduled")
        .map(({ kickoffAt }) => [matchId, (now - (kickoffAt as number)) * 10 / MINUTE])
    );
    expect(Object.fromEntries(kickoffs)).toEqual({
      a: 123, // its last word ten minutes ago
      b: 57.5, // in the middle
      c: 170, // at the first kick of its shootout
      d: 10.9, // early
      e: -5, // when c's shootout is over
    });
  });

  test("always has two live and four listed, over many rounds of each match", async () => {
    const { replay, list, clock, warnings } = kit();
    await replay.start();
    await clock.advance(0);
    const rounds = () =>
      FIVE.map(({ id }) => list.said.findLast(({ matchId }) => matchId.split("-")[0] === id)!);
    let samples = 0;
    while (!rounds().every(({ matchId }) => /-r[4-9]$/.test(matchId))) {
      await clock.advance(1_000);
      expect(list.count("live")).toBeGreaterThanOrEqual(2);
      expect(list.count("scheduled")).toBeGreaterThanOrEqual(1);
      expect(list.count("finished")).toBeGreaterThanOrEqual(1);
      expect(list.matches.size).toBeGreaterThanOrEqual(5);
      expect(list.matches.size).toBeLessThanOrEqual(6);
      samples += 1;
      expect(samples).toBeLessThan(20_000);
    }
    expect(warnings).toEqual([]);
    expect(list.retired.length).toBe(new Set(list.retired).size);
  });

  test("never plays a match twice at a time, however long it is", async () => {
    const lengths = [60, 60, 60, 400, 60];
    const { replay, list, clock } = kit({
      matches: lengths.map((minutes, at) => match(`m${at}`, minutes)),
    });
    await replay.start();
    await clock.advance(0);
    for (let minute = 0; minute < 120; minute++) {
      await clock.advance(MINUTE);
      const live = [...list.matches].filter(([, state]) => state === "live")
        .map(([matchId]) => matchId.slice(0, 2));
      expect(live).toEqual([...new Set(live)]);
      expect(live.length).toBeGreaterThanOrEqual(2);
    }
  });

  test("plays the bundled matches the same way, through the real intake", async () => {
    const { intake, owners, clock, events, warnings } = feedKit();
    const retired: string[] = [];
    const matches = await loadBundledMatches();
    const replay = new Replay({
      matches,
      speed: 60,
      intake,
      owners,
      onRetired: (matchId) => void retired.push(matchId),
      events,
      clock,
    });
    await replay.start();
    for (let second = 0; second < 600; second++) await clock.advance(1_000);
    await replay.stop();
    expect(retired.length).toBeGreaterThan(5);
    expect(warnings).toEqual([]);
    for (const round of retired) {
      const slug = round.replace(/-r\d+$/, "");
      const said = owners.accepted.filter(({ matchId }) => matchId === round);
      const { facts } = matches.find(({ id }) => id === slug)!;
      expect(said.map(({ fact }) => fact.id)).toEqual([
        "scheduled",
        ...facts.map(({ value }) => value.id),
      ]);
    }
  });

  test("gives each fact the wall time of its second, and fans' clocks the speed", async () => {
    const { replay, list, clock } = kit({ speed: 30 });
    await replay.start();
    await clock.advance(20 * MINUTE);
    const said = list.said.filter(({ matchId }) => matchId === "e");
    const [fixtureFact, ...facts] = said.flatMap(({ values }) => values) as {
      id: string;
      occurredAt: number;
      [field: string]: unknown;
    }[];
    const kickoffAt = fixtureFact!.kickoffAt as number;
    expect(fixtureFact).toMatchObject({ type: "match.scheduled", clockRate: 30 });
    expect(facts.map(({ id, occurredAt }) => [id, occurredAt - kickoffAt])).toEqual([
      ["x", -20_000],
      ["h1", 0],
      ["g1", 60_000],
      ["end", 300_000],
      ["a1", 302_000],
    ]);
    for (const { receivedAt, values } of said.filter(({ values }) => values[0]?.id === "g1")) {
      expect(receivedAt).toBe(values[0]!.occurredAt);
    }
  });

  test("is never silent for long while a match is live", async () => {
    const { replay, list, clock } = kit({ speed: 1 });
    await replay.start();
    await clock.advance(0);
    await clock.advance(30 * MINUTE);
    const times = list.said.filter(({ matchId }) => matchId === "d").map(({ receivedAt }) =>
      receivedAt
    );
    const gaps = times.slice(1).map((time, at) => time - times[at]!);
    expect(gaps.length).toBeGreaterThan(80);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(20_000);
    expect(Math.max(...gaps)).toBeLessThan(limits.feedSilenceMsMax);
  });

  test("says again what could not be said, and catches up", async () => {
    const { replay, list, clock, warnings } = kit();
    await replay.start();
    await clock.advance(MINUTE);
    list.isDown = true;
    await clock.advance(5 * MINUTE);
    list.isDown = false;
    await clock.advance(MINUTE);
    expect(warnings.length).toBeGreaterThan(0);
    expect(list.count("live")).toBe(3);
    expect(list.matches.size).toBeLessThanOrEqual(6);
    for (const [matchId] of list.matches) {
      const ids = list.said.filter((said) => said.matchId === matchId)
        .flatMap(({ values }) => values.map(({ id }) => id));
      expect(ids).toEqual([...new Set(ids)]);
    }
  });

  test("has three live again soon after the machine slept through a whole round", async () => {
    const clock = new SimulatedClock();
    let slept = 0;
    const now = clock.now.bind(clock);
    clock.now = () => now() + slept;
    const { replay, list } = kit({ clock });
    await replay.start();
    await clock.advance(MINUTE);
    slept = 8 * 60 * MINUTE;
    await clock.advance(25_000);
    expect(list.count("live")).toBe(3);
    expect(list.matches.size).toBeLessThanOrEqual(6);
  });

  test("goes on with the next round after a restart, and retires what was being played", async () => {
    const { replay, list, clock } = kit();
    await replay.start();
    await clock.advance(0);
    await replay.stop();
    const said = list.said.length;
    await clock.advance(60 * MINUTE);
    expect(list.said.length).toBe(said);

    const again = kit({ list, clock });
    await again.replay.start();
    await clock.advance(0);
    expect(list.retired.sort()).toEqual(["a", "b", "c", "d", "e"]);
    expect([...list.matches.keys()].sort()).toEqual(["a-r2", "b-r2", "c-r2", "d-r2", "e-r2"]);
    expect(list.count("live")).toBe(3);
  });

  test("stops in the middle of a submission and sets no timer after it", async () => {
    const clock = new SimulatedClock();
    const after = clock.after.bind(clock);
    let timers = 0;
    clock.after = (delayMs, task) => {
      timers += 1;
      return after(delayMs, task);
    };
    const list = new List();
    const { replay } = kit({ list, clock });
    await replay.start();
    await clock.advance(MINUTE);
    const submit = list.submit.bind(list);
    const releases: (() => void)[] = [];
    list.submit = async (submission) => {
      await new Promise<void>((resolve) => releases.push(resolve));
      return await submit(submission);
    };
    await clock.advance(20_000);
    expect(releases.length).toBeGreaterThan(0);
    const stopped = replay.stop();
    const before = timers;
    for (const release of releases) release();
    await stopped;
    await clock.advance(60 * MINUTE);
    expect(timers).toBe(before);
  });

  test("refuses to begin with too few matches", () => {
    expect(() => kit({ matches: FIVE.slice(1) })).toThrow(
      expect.objectContaining({ code: "bundledMatchInvalid" }),
    );
  });
});
