import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clientFrameName,
  serverFrameName,
  splitServerFrames,
  wrapPublication,
  wrapSubscribed,
} from "./frames.ts";
import {
  CLIENT_FRAME_FRAME_MEMBERS,
  decodeServerFrame,
  encodePublication,
  encodeServerFrame,
  encodeSubscribed,
  type PublicationInit,
  SERVER_FRAME_FRAME_MEMBERS,
} from "./golazo_codec.ts";
import { ProtocolError } from "./protocol_error.ts";

const stoppageGoal: PublicationInit = {
  offset: 16_383,
  goal: { kind: "corrected", side: "away", home: 3, away: 3, minute: 120, stoppage: 4 },
};

describe("wrapPublication", () => {
  test("is the ordinary frame, for a body of any length", () => {
    const lengths = fc.oneof(fc.nat(300), fc.integer({ min: 16_300, max: 16_500 }));
    fc.assert(fc.property(fc.nat(70_000), lengths, (channel, length) => {
      const publication = { offset: 9, item: { id: 1, text: "x".repeat(length) } };
      const wrapped = wrapPublication(channel, encodePublication(publication));
      expect(Buffer.from(wrapped)).toEqual(
        Buffer.from(encodeServerFrame({ publication: { channel, ...publication } })),
      );
    }));
  });

  test("a goal with every field set takes at most 22 bytes", () => {
    const frame = wrapPublication(127, encodePublication(stoppageGoal));
    expect(frame.length).toBeLessThanOrEqual(22);
    expect(decodeServerFrame(frame)).toStrictEqual({
      publication: { channel: 127, ...stoppageGoal },
    });
  });
});

test("wrapSubscribed is the ordinary frame", () => {
  const head = {
    id: 1,
    channel: "match:arg-fra-2022",
    number: 3,
    epoch: "k3v9",
    offset: 171,
    recovered: true,
  };
  const tails = [
    {},
    { publications: Array.from({ length: 40 }, () => stoppageGoal) },
    { match: { id: "arg-fra-2022", venue: "Lusail Stadium" } },
  ];
  for (const tail of tails) {
    expect(wrapSubscribed(head, encodeSubscribed(tail))).toEqual(
      encodeServerFrame({ subscribed: { ...head, ...tail } }),
    );
  }
});

describe("splitServerFrames", () => {
  const frames = [{ ping: { nonce: 7 } }, { publication: stoppageGoal }, { ping: { nonce: 8 } }];
  const batch = Buffer.concat(frames.map((frame) => encodeServerFrame(frame)));

  test("gives each top-level field as a frame, in order", () => {
    const split = splitServerFrames(batch);
    expect(split.map(serverFrameName)).toEqual(["ping", "publication", "ping"]);
    expect(split).toMatchObject(frames);
    expect(splitServerFrames(new Uint8Array())).toEqual([]);
  });

  test("keeps the place of a frame of a later version", () => {
    const later = Buffer.concat([Uint8Array.of(0x7a, 1, 0), batch]);
    expect(splitServerFrames(later).map(serverFrameName)).toEqual([
      null,
      "ping",
      "publication",
      "ping",
    ]);
  });

  test("refuses a batch that is cut inside a frame", () => {
    const ends = new Set([0, 4, 4 + encodeServerFrame(frames[1]!).length, batch.length]);
    for (let cut = 0; cut <= batch.length; cut++) {
      const split = () => splitServerFrames(batch.subarray(0, cut));
      if (ends.has(cut)) expect(split().length).toBe([...ends].indexOf(cut));
      else expect(split, `cut at ${cut}`).toThrow(ProtocolError);
    }
  });
});

test("clientFrameName and serverFrameName name every member", () => {
  for (const name of CLIENT_FRAME_FRAME_MEMBERS) {
    expect(clientFrameName({ [name]: {} })).toBe(name);
  }
  for (const name of SERVER_FRAME_FRAME_MEMBERS) {
    expect(serverFrameName({ [name]: {} })).toBe(name);
  }
  expect(clientFrameName({})).toBeNull();
});
