import { expect, test } from "vitest";
import { partitionOf } from "../../actors/ports/partition.ts";
import { partitionOfName, RedisKeys } from "./keys.ts";

const MATCH = "arg-fra-2022-12-18";

test("partitionOfName puts everything of a match into the match's partition", () => {
  const names = [
    "ledger/match/",
    "intake/",
    "channel/match:",
    "snapshot/match/",
    "stale/",
    "match:",
  ];
  for (const name of names) expect(partitionOfName(name + MATCH)).toBe(partitionOf(MATCH));
});

test("partitionOfName takes the number of a lease and of a door", () => {
  expect([0, 17, 63].map((partition) => partitionOfName(`lease/${partition}`))).toEqual([
    0,
    17,
    63,
  ]);
  expect(partitionOfName("door/17")).toBe(17);
  expect(partitionOfName("lease/64")).toBe(partitionOf("64"));
  expect(partitionOfName("match:17")).toBe(partitionOf("17"));
});

test("partitionOfName takes a name without an id as one", () => {
  for (const name of ["matches", "dead-letters", "nodes"]) {
    expect(partitionOfName(name)).toBe(partitionOf(name));
  }
});

test("RedisKeys begins every key of a partition with the same braces, and names them apart", () => {
  const keys = new RedisKeys("golazo");
  const all = [
    keys.head("a"),
    keys.entries("a"),
    keys.names(partitionOf("a")),
    keys.cell("a"),
    keys.count("a"),
    keys.lease("a"),
    keys.roll("a"),
    ...keys.ranking("a"),
    keys.channel("a"),
  ];
  const braces = keys.tag(partitionOf("a"));
  expect(braces).toMatch(/^\{golazo:p\d+\}$/);
  for (const key of all) expect(key.startsWith(`${braces}:`)).toBe(true);
  expect(new Set(all).size).toBe(all.length);
});

test("RedisKeys refuses a namespace that would break the braces", () => {
  for (const namespace of ["", "a}b", "{a", "a b", "x".repeat(65)]) {
    expect(() => new RedisKeys(namespace)).toThrow("GOLAZO_NAMESPACE");
  }
});
