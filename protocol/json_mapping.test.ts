import { describe, expect, test } from "vitest";
import { fromJson, toJson } from "./json_mapping.ts";
import { ProtocolError } from "./protocol_error.ts";

describe("toJson", () => {
  test("writes names, decimal strings and no defaults", () => {
    const state = { phase: "shootout", phaseStartedAt: 5_000_000_000, running: false } as const;
    expect(toJson("ServerFrame", { publication: { channel: 0, state } })).toStrictEqual({
      publication: { state: { phase: "shootout", phaseStartedAt: "5000000000" } },
    });
    expect(toJson("ServerFrame", { ping: { nonce: 0 } })).toStrictEqual({ ping: {} });
    expect(toJson("Track", { matches: [] })).toStrictEqual({});
    expect(toJson("Track", { matches: [""] })).toStrictEqual({ matches: [""] });
  });
});

describe("fromJson", () => {
  test("reads both spellings, names and numbers, strings and null", () => {
    const text = { id: 0, clientId: "", room: "", text: "", replyTo: "a", sticker: "", edits: "" };
    expect(fromJson("ClientFrame", { chatSend: { replyTo: "a" } }).chatSend).toStrictEqual(text);
    expect(fromJson("ClientFrame", { chat_send: { reply_to: "a" } }).chatSend).toStrictEqual(text);
    expect(fromJson("Goal", { side: 2, home: "3" })).toMatchObject({ side: "away", home: 3 });
    expect(fromJson("Goal", { side: 99 }).side).toBe("unknownSide");
    expect(fromJson("Moderate", { until: 7 }).until).toBe(7);
    expect(fromJson("Moderate", { until: "9007199254740991" }).until).toBe(2 ** 53 - 1);
    expect(fromJson("ServerFrame", { ping: null, publication: {} })).toStrictEqual({
      publication: { channel: 0, offset: 0 },
    });
  });

  test("gives every message its own list", () => {
    expect(fromJson("Track", {}).matches).not.toBe(fromJson("Track", {}).matches);
  });

  test.each([
    ["hello.attempt", { hello: { attempt: -1 } }, "-1"],
    ["hello.attempt", { hello: { attempt: 1.5 } }, "1.5"],
    ["hello.attempt", { hello: { attempt: 4294967296 } }, "4294967296"],
    ["hello.attempt", { hello: { attempt: "one" } }, '"one"'],
    ["hello.attempt", { hello: { attempt: "" } }, '""'],
    ["hello.lite", { hello: { lite: 1 } }, "1"],
    ["hello.token", { hello: { token: 7 } }, "7"],
    ["hello", { hello: [] }, "a list"],
    ["hello.colour", { hello: { colour: 1 } }, '"colour"'],
    ["hello.__proto__", JSON.parse('{"hello":{"__proto__":1}}'), '"__proto__"'],
    ["constructor", { constructor: {} }, '"constructor"'],
    ["track.matches", { track: { matches: "a" } }, '"a"'],
    ["track.matches[1]", { track: { matches: ["a", null] } }, "null"],
    ["moderate.until", { moderate: { until: "9007199254740992" } }, '"9007199254740992"'],
    ["pong", { hello: {}, pong: {} }, "another one"],
    ["ping", { ping: null }, '"ping"'],
    ["chat_send.reply_to", { chat_send: { replyTo: "a", reply_to: "b" } }, "another one"],
    ["", "hello", '"hello"'],
    ["", null, "null"],
  ])("refuses %s of %j", (path, json, found) => {
    let thrown: unknown;
    try {
      fromJson("ClientFrame", json);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ProtocolError);
    expect(thrown).toMatchObject({ code: "badJson", path });
    expect((thrown as Error).message).toContain(`Cannot read ${path || "the message"}: needed `);
    expect((thrown as Error).message.endsWith(`found ${found}`)).toBe(true);
  });

  test("refuses an enum's unknown name and shows at most 60 characters of it", () => {
    expect(() => fromJson("Goal", { side: "left".repeat(100) })).toThrow(
      /^Cannot read side: needed one of unknownSide, home, away, found "(left){14}lef$/,
    );
  });
});
