import { describe, expect, test } from "vitest";
import { decodePublication, encodePublication, LANES, type Publication } from "./publication.ts";

const goal: Publication = {
  offset: 7,
  lane: "goal",
  key: "",
  body: new Uint8Array([1, 2, 3]),
  receivedAt: 1_671_375_600_000,
  trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
};

describe("Publication", () => {
  test("comes out of its bytes as it went in", () => {
    for (const lane of LANES) {
      for (const change of [{}, { offset: null, key: "possession" }, { offset: 0 }]) {
        const publication = { ...goal, lane, ...change };
        expect(decodePublication(encodePublication(publication))).toEqual(publication);
      }
    }
  });

  test("absent parts cost nothing and come back as absent", () => {
    const bare = { ...goal, offset: null, receivedAt: 0, trace: "", body: new Uint8Array() };
    const bytes = encodePublication(bare);
    expect(bytes.length).toBe(4);
    expect(decodePublication(bytes)).toEqual(bare);
  });

  test("a lane of a later version is the last to be given up for, never the first", () => {
    const bytes = encodePublication({ ...goal, offset: null });
    bytes[1] = 99;
    expect(decodePublication(bytes).lane).toBe("stats");
  });
});
