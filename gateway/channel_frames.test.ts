import { expect, test } from "vitest";
import type { CatchUp } from "../channels/live_channel.ts";
import { encodePublication, encodeSubscribed } from "../protocol/golazo_codec.ts";
import { SubscribedFrames } from "./channel_frames.ts";
import { ALL_LANES, LITE_LANES } from "./lanes.ts";
import { readServerMessage } from "./testing/read_message.ts";

const LABEL = { name: "match:arg-fra", number: 3 };
const position = { epoch: "e1", offset: 9 };

test.each(["protobuf", "json"] as const)("a snapshot in %s, for each who asks", (encoding) => {
  const match = { id: "arg-fra", seq: 4, state: { score: { home: 1, away: 0 } } };
  const caughtUp: CatchUp = { recovered: false, position, snapshot: encodeSubscribed({ match }) };
  for (const id of [0, 7, 300]) {
    const frame = new SubscribedFrames(LABEL, caughtUp).of(encoding, ALL_LANES, id);
    const { subscribed } = readServerMessage(encoding, frame);
    expect(subscribed).toMatchObject({ id, channel: LABEL.name, number: 3, ...position });
    expect(subscribed).toMatchObject({ recovered: false, match });
  }
});

test.each(["protobuf", "json"] as const)("what was missed in %s, by lane", (encoding) => {
  const publications = ([["goal", 7], ["event", 8], ["goal", 9]] as const).map(([lane, offset]) => {
    const body = encodePublication({ offset, goal: { kind: "scored", home: offset } });
    return { offset, lane, key: "", body, receivedAt: 0, trace: "" };
  });
  const frames = new SubscribedFrames(LABEL, { recovered: true, position, publications });
  const offsetsIn = (frame: Buffer) =>
    readServerMessage(encoding, frame).subscribed!.publications.map(({ offset }) => offset);
  expect(offsetsIn(frames.of(encoding, ALL_LANES, 1))).toEqual([7, 8, 9]);
  expect(offsetsIn(frames.of(encoding, LITE_LANES, 1))).toEqual([7, 9]);
  expect(offsetsIn(frames.mending(encoding, ALL_LANES, { lanes: 4, servedTo: 8 }))).toEqual([8, 9]);
  const nothing = new SubscribedFrames(LABEL, { recovered: true, position, publications: [] });
  expect(readServerMessage(encoding, nothing.of(encoding, ALL_LANES, 2)).subscribed)
    .toMatchObject({ id: 2, recovered: true, publications: [] });
});
