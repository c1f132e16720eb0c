/**
 * The checker against evidence that is wrong in one way each: a check that
 * cannot fail proves nothing about a server.
 */
import { describe, expect, test } from "vitest";
import {
  decodeServerFrame,
  encodeServerFrame,
  type ServerFrame,
  type ServerFrameInit,
} from "../protocol/golazo_codec.ts";
import type { ClientLog } from "./client_history.ts";
import { checkFences, checkHistory, type Evidence } from "./history_checker.ts";
import type { StoredEntry, StoredLedgers } from "./stored_history.ts";
import type { PostedFact } from "./webhook_source.ts";

const MATCH = "m";
const CHANNEL = "match:m";

/** Two goals, of which the first is annulled: 2-0, then 1-0. */
const entries = () => [
  entry(1, { id: "g1", type: "goal.scored", side: "home" }),
  entry(2, { id: "g2", type: "goal.scored", side: "home" }),
  entry(3, { id: "a1", type: "goal.annulled", target: { provider: "drill", id: "g1" } }),
];

function entry(seq: number, fact: Record<string, unknown>): StoredEntry {
  const whole = { provider: "drill", revision: 1, ...fact } as StoredEntry["fact"];
  return { seq, recordedAt: seq, shadowed: false, trace: null, fact: whole };
}

const ledgerOf = (list: StoredEntry[]): StoredLedgers => new Map([[MATCH, list]]);

function posted(id: string, answer: PostedFact["answer"]): PostedFact {
  const fact = { id, revision: 1, type: "goal.scored", occurredAt: 1 };
  return { match: MATCH, fact, answer, code: null, replies: [] };
}

interface Shown {
  epoch?: string;
  offset?: number;
  home?: number;
  seq?: number;
}

function snapshot({ epoch = "e", offset = 0, home = 0, seq = 3 }: Shown = {}): ServerFrame {
  const state = { phase: "firstHalf" as const, score: { home, away: 0 } };
  const match = { id: MATCH, seq, state };
  return frame({ subscribed: { channel: CHANNEL, number: 1, epoch, offset, match } });
}

function recovered(offset: number, publications: ServerFrame[]): ServerFrame {
  const missed = publications.map(({ publication }) => publication!);
  const head = { channel: CHANNEL, number: 1, epoch: "e", offset, recovered: true };
  return frame({ subscribed: { ...head, publications: missed } });
}

function goal(offset: number, home: number): ServerFrame {
  return frame({ publication: { channel: 1, offset, goal: { side: "home", home } } });
}

function frame(init: ServerFrameInit): ServerFrame {
  return decodeServerFrame(encodeServerFrame(init));
}

function log(name: string, ...frames: ServerFrame[]): ClientLog {
  return { name, log: frames.map((one, at) => ({ at, socket: 1, frame: one })) };
}

const story = () => [snapshot(), goal(1, 1), goal(2, 2), goal(3, 1)];
const arrival = () => log("newcomer", snapshot({ offset: 3, home: 1 }));

function check(change: Partial<Evidence> = {}): string[] {
  const stored = { ledger: ledgerOf(entries()), sql: ledgerOf(entries()) };
  return checkHistory({
    stored,
    posted: [posted("g1", "accepted"), posted("g2", "duplicate"), posted("lost", "unknown")],
    clients: [log("fan", ...story())],
    newcomer: arrival(),
    supervisors: [],
    beforeDamage: [],
    ...change,
  }).violations;
}

describe("checkHistory", () => {
  test("finds nothing wrong with a history that is right", () => {
    expect(check()).toEqual([]);
    const resumed = [snapshot(), goal(1, 1), recovered(3, [goal(2, 2), goal(3, 1)])];
    expect(check({ clients: [log("fan", ...resumed)] })).toEqual([]);
  });

  test("finds an answered fact that is gone, twice there, or refused and there", () => {
    expect(check({ posted: [posted("g9", "accepted")] })).toEqual([
      'm g9@1 was answered "accepted" and is in the ledger 0 times',
    ]);
    expect(check({ posted: [posted("g1", "refused")] })).toHaveLength(1);
    const twice = ledgerOf([...entries(), { ...entries()[1]!, seq: 4 }]);
    const newcomer = log("newcomer", snapshot({ offset: 3, home: 1, seq: 4 }));
    expect(check({ stored: { ledger: twice, sql: twice }, newcomer })).toEqual([
      'm g2@1 was answered "duplicate" and is in the ledger 2 times',
    ]);
  });

  test("finds a hole in seq, and a ledger that SQL tells otherwise", () => {
    const holed = ledgerOf([...entries(), entry(5, { id: "c", type: "card.shown" })]);
    const newcomer = log("newcomer", snapshot({ offset: 3, home: 1, seq: 4 }));
    expect(check({ stored: { ledger: holed, sql: holed }, newcomer })).toEqual([
      "the ledger of m has seq 5 where 4 must be",
      "match_ledger of m has seq 5 where 4 must be",
    ]);
    const short = { ledger: ledgerOf(entries()), sql: ledgerOf(entries().slice(0, 2)) };
    expect(check({ stored: short })).toEqual(["m has 3 entries in the ledger and 2 in SQL"]);
    const other = entries();
    other[1]!.fact.side = "away";
    expect(check({ stored: { ledger: ledgerOf(entries()), sql: ledgerOf(other) } })).toEqual([
      "entry 2 of m is not the same in ledger and SQL",
    ]);
  });

  test("finds a missing offset, live and in a recovery", () => {
    const live = [snapshot(), goal(1, 1), goal(3, 1)];
    expect(check({ clients: [log("fan", ...live)] })).toEqual([
      "fan: offset 3 of match:m came after 1",
    ]);
    const resumed = [snapshot(), goal(1, 1), recovered(3, [goal(2, 2)])];
    expect(check({ clients: [log("fan", ...resumed)] })).toContain(
      "fan: recovery of match:m promised offset 3 and brought 2",
    );
  });

  test("finds an offset that says two things, to one client or to two", () => {
    const again = log("other", snapshot(), goal(1, 1), goal(2, 3), goal(3, 1));
    expect(check({ clients: [log("fan", ...story()), again] })).toEqual([
      expect.stringMatching(/^other: match:m e 2 said [0-9a-f]+ before and now [0-9a-f]+$/),
      "other saw home of match:m fall by 1 for nothing",
    ]);
  });

  test("finds a score that falls for nothing, and allows what damage took back", () => {
    const stored = {
      ledger: ledgerOf(entries().slice(0, 2)),
      sql: ledgerOf(entries().slice(0, 2)),
    };
    const newcomer = log("newcomer", snapshot({ offset: 3, home: 2, seq: 2 }));
    const fallen = log("fan", ...story(), snapshot({ offset: 3, home: 2 }));
    const damaged = { stored, newcomer, clients: [fallen] };
    expect(check(damaged)).toEqual(["fan saw home of match:m fall by 1 for nothing"]);
    expect(check({ ...damaged, beforeDamage: [ledgerOf(entries())] })).toEqual([]);
  });

  test("what a reset takes back is not taken from what an annulment may", () => {
    const again = entry(4, { id: "g3", type: "goal.scored", side: "home" });
    const stored = { ledger: ledgerOf(entries()), sql: ledgerOf(entries()) };
    const reset = snapshot({ epoch: "f", offset: 1, home: 1 });
    const renumbered = [reset, goal(2, 2), goal(3, 1)];
    const newcomer = log("newcomer", snapshot({ epoch: "f", offset: 3, home: 1 }));
    const fan = log("fan", snapshot(), goal(1, 1), goal(2, 2), ...renumbered);
    const beforeDamage = [ledgerOf([...entries().slice(0, 2), { ...again, seq: 3 }])];
    expect(check({ stored, newcomer, clients: [fan], beforeDamage })).toEqual([]);
  });

  test("finds a client that ends elsewhere than a newcomer begins, and a newcomer shown wrong", () => {
    expect(check({ clients: [log("fan", ...story().slice(0, 3))] })).toEqual([
      expect.stringMatching(/^fan sees match:m as .* a newcomer as /),
    ]);
    expect(check({ newcomer: log("newcomer", snapshot({ offset: 3, home: 2, seq: 2 })) })).toEqual([
      "a newcomer to match:m is shown seq 2 of 3, goal.annulled",
      "a newcomer to match:m is shown 2-0, its ledger counts 1-0",
      expect.stringMatching(/^fan sees/),
    ]);
  });

  test("lets an owner note something once the newcomer is gone", () => {
    const later = ledgerOf([
      ...entries(),
      entry(4, { provider: "golazo", id: "s", type: "feed.silenced" }),
    ]);
    expect(check({ stored: { ledger: later, sql: later } })).toEqual([]);
  });

  test("finds a child that was restarted more often than it may be", () => {
    const line = { restartAt: null, restartsInWindow: 6, restartsTotal: 6 };
    const child = { ...line, id: "match/m", state: "running" };
    const owners = { ...line, restartsInWindow: 0, id: "owners", state: "running" };
    expect(check({ supervisors: [{ ...owners, children: [child] }] })).toEqual([
      "match/m is running after 6 restarts in its window",
    ]);
    const parked = { ...child, state: "parked" };
    expect(check({ supervisors: [{ ...owners, children: [parked] }] })).toEqual([]);
  });
});

test("checkFences finds an entry with a lower fence than the one before", () => {
  expect(checkFences(new Map([["m", [1, 1, 7, 7]], ["n", []]]))).toEqual([]);
  expect(checkFences(new Map([["m", [1, 7, 6]]]))).toEqual(["entry 3 of m has fence 6 after 7"]);
});
