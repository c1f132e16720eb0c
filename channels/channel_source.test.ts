import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import { decodeSubscribed } from "../protocol/golazo_codec.ts";
import { noRooms } from "./room_test_kit.ts";
import { ChannelSources } from "./channel_source.ts";
import type { CatchUp, LiveChannel } from "./live_channel.ts";
import { type MatchStage, matchStage } from "./match_test_kit.ts";
import type { Publication } from "./publication.ts";

const CHANNEL = `match:${MATCH_ID}`;

let stage: MatchStage;
let source: ChannelSources;
let heard: Publication[];
beforeEach(() => {
  stage = matchStage();
  source = new ChannelSources({
    stream: stage.channels,
    broker: stage.broker,
    cells: stage.cells,
    matches: stage.reader,
    rooms: noRooms,
  });
  heard = [];
});
afterEach(() => stage.close());

const open = (name: string) =>
  source.open(name, (publication) => heard.push(publication), () => {});
async function whole(channel: LiveChannel): Promise<CatchUp & { recovered: false }> {
  const told: CatchUp[] = [];
  await channel.catchUp(null, (caughtUp) => void told.push(caughtUp));
  if (told[0]?.recovered !== false) throw new Error("not the whole");
  return told[0];
}

describe("ChannelSources.open", () => {
  test("is null for what has no channel: no such match, no such kind, no name", async () => {
    for (const name of [CHANNEL, "chat:room:1", "leaderboard:all", "nonsense", "match:"]) {
      expect(await open(name)).toBeNull();
    }
  });

  test("shows the whole at the stream's offset, and the stream goes on from there", async () => {
    await stage.tell([scheduled(), started("firstHalf")]);
    const channel = (await open(CHANNEL))!;
    const { position, snapshot } = await whole(channel);
    expect(position).toEqual(channel.position);
    expect(decodeSubscribed(snapshot).match).toMatchObject({ id: MATCH_ID });
    await stage.tell([goal("home", 23)]);
    expect(heard.filter(({ offset }) => offset !== null).map(({ offset }) => offset))
      .toEqual([position.offset + 1, position.offset + 2]);
    channel.close();
  });

  test("encodes the whole once a change, and anew once it is stale", async () => {
    await stage.tell([scheduled(), started("firstHalf")]);
    const channel = (await open(CHANNEL))!;
    const first = await whole(channel);
    expect((await whole(channel)).snapshot).toBe(first.snapshot);
    await stage.tell([goal("home", 23)]);
    const second = await whole(channel);
    expect(second.snapshot).not.toBe(first.snapshot);
    await stage.staleMarks.mark((await stage.reader.read(MATCH_ID))!.view);
    expect(decodeSubscribed((await whole(channel)).snapshot).match!.state!.stale).toBe(true);
    channel.close();
  });
});
