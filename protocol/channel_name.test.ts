import { describe, expect, test } from "vitest";
import {
  ASSETS_CHANNEL,
  GLOBAL_PREDICTION_CHANNEL,
  isMatchId,
  leaderboardChannel,
  matchChannel,
  parseChannel,
  predictionChannel,
  roomChannel,
  TRENDING_CHANNEL,
  userChannel,
} from "./channel_name.ts";
import { ProtocolError } from "./protocol_error.ts";

test.each([
  [matchChannel("arg-fra-2022"), "match:arg-fra-2022", { kind: "match", id: "arg-fra-2022" }],
  [predictionChannel("m1"), "prediction:m1", { kind: "prediction", id: "m1" }],
  [GLOBAL_PREDICTION_CHANNEL, "prediction:global", { kind: "globalPrediction" }],
  [leaderboardChannel("global"), "leaderboard:global", { kind: "leaderboard", id: "global" }],
  [roomChannel("Room_1"), "chat:room:Room_1", { kind: "room", id: "Room_1" }],
  [TRENDING_CHANNEL, "trending:global", { kind: "trending" }],
  [userChannel("u-7"), "user:u-7", { kind: "user", id: "u-7" }],
  [ASSETS_CHANNEL, "assets:manifest", { kind: "assets" }],
])("%s parses back", (built, name, parsed) => {
  expect(built).toBe(name);
  expect(parseChannel(name)).toStrictEqual(parsed);
});

test.each([
  "",
  "match",
  "match:",
  "match:Arg-Fra",
  "match:a_b",
  "match:a:b",
  "match:a\n",
  "match:global",
  " match:a",
  `match:${"a".repeat(65)}`,
  "prediction:A",
  "trending:local",
  "assets:other",
  "room:1",
  "chat:1",
  "chat:room:",
  "chat:room:é",
  `user:${"a".repeat(65)}`,
  "leaderboard:a b",
])("parseChannel knows no %j", (name) => {
  expect(parseChannel(name)).toBeNull();
});

describe("isMatchId", () => {
  test("takes 1 to 64 of a-z, 0-9 and dash, but not the reserved word", () => {
    expect(["a", "7", "arg-fra-2022", "a".repeat(64)].every(isMatchId)).toBe(true);
    expect(["", "A", "a_b", "a.b", "é", "a\n", "a".repeat(65), "global"].some(isMatchId)).toBe(
      false,
    );
  });
});

test("a name is not built of an id that would not parse back", () => {
  expect(() => matchChannel("a:b")).toThrow(ProtocolError);
  expect(() => predictionChannel("global")).toThrow(/found "global"/);
  expect(() => roomChannel("")).toThrow(ProtocolError);
  expect(() => userChannel("a b")).toThrow(ProtocolError);
  expect(() => leaderboardChannel("a".repeat(65))).toThrow(ProtocolError);
});
