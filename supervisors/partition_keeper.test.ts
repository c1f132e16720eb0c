import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fact } from "../actors/match/match_event.ts";
import { goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import { partitionOf } from "../actors/ports/partition.ts";
import { MatchDirectory } from "../channels/match_directory.ts";
import { OwnerDoors } from "../channels/owner_call.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { type OwnersStage, ownersStage } from "./owners_test_kit.ts";
import { PartitionKeeper } from "./partition_keeper.ts";

const OTHER = "bra-ger-2014-07-08";
const play = [scheduled(), started("firstHalf")];

let stage: OwnersStage;
let directory: MatchDirectory;
let keeper: PartitionKeeper;
/** Matches on which the stores do not agree. */
let unequal: string[];
/** What else comes of the look for them. */
let look: () => Promise<void>;
let warnings: string[];
/** Throws where a test wants a door that does not open. */
let open: () => void;

beforeEach(async () => {
  stage = await ownersStage();
  directory = new MatchDirectory(stage.streams);
  unequal = [];
  look = () => Promise.resolve();
  warnings = [];
  open = () => {};
  const { clock, matches, intake } = stage;
  const broker = new MemoryBroker(silentEvents);
  const doors = new OwnerDoors({
    publish: (...args) => broker.publish(...args),
    subscribe(channel, listener) {
      open();
      return broker.subscribe(channel, listener);
    },
  }, {});
  const warned = (message: string) => void warnings.push(message);
  keeper = new PartitionKeeper({
    kinds: [],
    ...{ clock, matches, intake, directory, doors },
    events: { ...silentEvents, warned },
    unequal: async (isAsked) => {
      await look();
      return unequal.filter(isAsked);
    },
    isOwned: (matchId) => matchId !== "of-another",
  });
});
afterEach(async () => {
  keeper.stop();
  await stage.close();
});

const keep = (...facts: Fact[]) =>
  stage.intake.push(MATCH_ID, facts.map((fact) => ({ fact, receivedAt: 0 })));

describe("PartitionKeeper.gained", () => {
  test("wakes at once who has facts waiting, the others within a second", async () => {
    await keep(...play);
    await directory.add(OTHER);
    await keeper.gained(partitionOf(MATCH_ID));
    await stage.pass();
    expect(await stage.ledger()).toContain("fixture");
    expect(stage.matches.awake()).toEqual([MATCH_ID]);
    await stage.pass(limits.intakeSweepMs);
    expect(stage.matches.awake()).toEqual([MATCH_ID, OTHER]);
  });

  test("also wakes whom only one of the stores knows, and nobody of another's", async () => {
    unequal = [OTHER, "of-another"];
    await directory.add("of-another");
    await keeper.gained(partitionOf(OTHER));
    await stage.pass(limits.intakeSweepMs);
    expect(stage.matches.awake()).toEqual([OTHER]);
  });

  test("also wakes whom the look at the stores finds on no list", async () => {
    look = () => directory.add(OTHER);
    await keeper.gained(partitionOf(OTHER));
    await stage.pass(limits.intakeSweepMs);
    expect(stage.matches.awake()).toEqual([OTHER]);
  });

  test("puts who is awake back on a list that was lost", async () => {
    await keep(...play);
    await keeper.gained(partitionOf(MATCH_ID));
    await stage.pass(limits.intakeSweepMs);
    expect(await directory.ids()).toEqual([MATCH_ID]);
  });

  test("tries again to wake those whom a store kept from it", async () => {
    await directory.add(OTHER);
    const { ids } = directory;
    let failures = 2;
    directory.ids = () => failures-- > 0 ? Promise.reject(new Error("away")) : ids.call(directory);
    await keeper.gained(partitionOf(OTHER));
    for (let second = 0; second < 3; second++) await stage.pass(limits.intakeSweepMs);
    expect(stage.matches.awake()).toEqual([OTHER]);
    expect(warnings).toEqual(Array(2).fill("Cannot wake what was gained, trying again: away"));
  });

  test("fails where its door does not open, so that it is gained again", async () => {
    open = () => {
      throw new Error("no way to the broker");
    };
    await expect(keeper.gained(3)).rejects.toThrow("no way to the broker");
  });
});

describe("PartitionKeeper: the intake", () => {
  test("what nobody was told of is offered within a second", async () => {
    await keep(...play);
    await stage.pass(limits.intakeSweepMs);
    await keep(goal("home", 23));
    await stage.pass(limits.intakeSweepMs);
    expect(await stage.ledger()).toContain("goal-home-23+0");
    expect(await stage.waiting()).toBe(0);
  });

  test("a match that does not wake keeps no other from its facts", async () => {
    await keep(...play);
    await stage.intake.push(OTHER, play.map((fact) => ({ fact, receivedAt: 0 })));
    const { top } = stage.records;
    const { promise: late, resolve } = Promise.withResolvers<number>();
    stage.records.top = (matchId) => matchId === MATCH_ID ? late : top.call(stage.records, matchId);
    await stage.pass(limits.intakeSweepMs);
    expect(await stage.ledger(OTHER)).toContain("fixture");
    expect(await stage.ledger()).toEqual([]);
    expect(warnings).toEqual([]);
    resolve(0);
    await stage.pass(100);
    expect(await stage.ledger()).toContain("fixture");
  });
});

test("PartitionKeeper.lost: its matches sleep, those of other partitions do not", async () => {
  await stage.tell(play);
  await stage.tell(play, OTHER);
  await keeper.lost(partitionOf(MATCH_ID));
  expect(stage.matches.awake()).toEqual([OTHER]);
});

test("PartitionKeeper: a match that nobody speaks to sleeps after ten minutes, not before", async () => {
  await stage.tell([scheduled()]);
  const minutes = limits.passivationMs / 60_000;
  for (let minute = 1; minute < minutes; minute++) await stage.pass(60_000);
  expect(stage.matches.awake()).toEqual([MATCH_ID]);
  for (let minute = 0; minute < 2; minute++) await stage.pass(60_000);
  expect(stage.matches.awake()).toEqual([]);
});
