import { beforeEach, expect, test } from "vitest";
import { scheduled } from "../actors/match/match.testing.ts";
import { MATCH_ID } from "../actors/match/match.testing.ts";
import { decodePublication as decodeBody } from "../protocol/golazo_codec.ts";
import { noRooms } from "./room_test_kit.ts";
import { ChannelSources } from "./channel_source.ts";
import type { CatchUp, LiveChannel } from "./live_channel.ts";
import { type MatchStage, matchStage } from "./match_test_kit.ts";
import type { Publication } from "./publication.ts";
import { VolatileVoice } from "./volatile_voice.ts";

const CHANNEL = `prediction:${MATCH_ID}`;
const crowdOf = (market: string, fans: number) => ({
  key: market,
  lane: "stats" as const,
  body: { crowd: { market, fans } },
});

let stage: MatchStage;
let voice: VolatileVoice;
let heard: Publication[];
let source: ChannelSources;
beforeEach(() => {
  stage = matchStage();
  const { broker, cells, channels: stream, reader: matches } = stage;
  voice = new VolatileVoice(broker, cells);
  source = new ChannelSources({ broker, cells, stream, matches, rooms: noRooms });
  heard = [];
});

const open = () => source.open(CHANNEL, (publication) => heard.push(publication), () => {});

async function latest(channel: LiveChannel): Promise<string[]> {
  const told: CatchUp[] = [];
  await channel.catchUp(null, (caughtUp) => void told.push(caughtUp));
  return told[0]!.publications!.map(({ body }) => {
    const { crowd, settlement } = decodeBody(body);
    return crowd ? `${crowd.market} ${crowd.fans}` : settlement!.phase;
  });
}

test("a newcomer has the latest of every key, of every part", async () => {
  await stage.tell([scheduled()]);
  await voice.say(CHANNEL, "crowd", [crowdOf("finalScore", 1), crowdOf("possession", 2)]);
  const settlement = { key: "", lane: "event" as const, body: { settlement: { phase: "held" } } };
  await voice.say(CHANNEL, "settlement", [settlement]);
  const channel = (await open())!;
  expect(await latest(channel)).toEqual(["finalScore 1", "possession 2", "held"]);
  expect(heard).toEqual([]);
  await voice.say(CHANNEL, "crowd", [crowdOf("finalScore", 3)]);
  expect(heard.map(({ key, offset }) => [key, offset])).toEqual([["crowd/finalScore", null]]);
  expect(await latest(channel)).toContain("finalScore 3");
  channel.close();
});

test("what is said while the last words are read is not undone by them", async () => {
  await stage.tell([scheduled()]);
  await voice.say(CHANNEL, "crowd", [crowdOf("finalScore", 1)]);
  const channel = (await open())!;
  const reading = latest(channel);
  await voice.say(CHANNEL, "crowd", [crowdOf("finalScore", 2)]);
  expect(await reading).toEqual(["finalScore 2"]);
  channel.close();
});

test("a match that nobody scheduled has no such channel", async () => {
  expect(await open()).toBeNull();
});
