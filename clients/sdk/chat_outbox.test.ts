import { describe, expect, test } from "vitest";
import type { Notice } from "../../protocol/golazo_codec.ts";
import { ChatOutbox } from "./chat_outbox.ts";
import { FanCommands } from "./fan_commands.ts";
import { FanApi } from "./fan_api.ts";
import { guestTokens } from "./fan_token.ts";
import { startLive, subscribed, welcome } from "./scripted_client.ts";

function chatting() {
  const started = startLive();
  const { platform, client } = started;
  platform.answer = ({ path }) =>
    path === "/api/session"
      ? { status: 201, value: { token: "t1", subject: "ana", expiresAt: 9e15 } }
      : null;
  const said: string[] = [];
  const api = new FanApi(platform, guestTokens(platform));
  const outbox = new ChatOutbox({
    ...{ room: "arg-fra", client, platform },
    commands: new FanCommands({ client, api, platform }),
    onChange: (sentence) => sentence !== "" && said.push(sentence),
  });
  const come = async () => {
    platform.socket.open();
    platform.socket.receive(welcome(), subscribed());
    await settled();
  };
  const sent = () =>
    platform.sockets.flatMap((socket) => socket.sent)
      .flatMap(({ chatSend }) => chatSend ?? []);
  const reply = async (code: string, more = {}) => {
    platform.socket.receive({ reply: { id: sent().at(-1)!.id, code, ...more } });
    await settled();
  };
  return { ...started, outbox, said, come, sent, reply };
}

/** Longer than any chain of promises of a command. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
}

const states = ({ own }: ChatOutbox) => own.map(({ text, status }) => `${text} ${status}`);

describe("ChatOutbox", () => {
  test("the first word signs the socket in, and nothing looks stale meanwhile", async () => {
    const { platform, outbox, states: seen, come, sent } = chatting();
    outbox.post({ text: "Goal!" });
    expect(states(outbox)).toEqual(["Goal! sending"]);
    await settled();
    expect(platform.sockets).toHaveLength(2);
    expect(platform.sockets[0]!.isClosed).toBe(true);
    await come();
    expect(platform.socket.sent[0]?.hello?.token).toBe("t1");
    expect(platform.socket.sent.flatMap(({ subscribe }) => subscribe ?? [])[0])
      .toMatchObject({ epoch: "e1", offset: 10 });
    expect(sent()).toMatchObject([{ room: "arg-fra", text: "Goal!" }]);
    expect(seen).toEqual(["live", "live"]);
  });

  test("one after another, until the room says them itself", async () => {
    const { outbox, come, sent, reply } = chatting();
    outbox.post({ text: "one" });
    outbox.post({ text: "two", replyTo: "m0" });
    await settled();
    await come();
    expect(sent()).toHaveLength(1);
    await reply("ok", { made: "m1" });
    expect(states(outbox)).toEqual(["one sent", "two sending"]);
    expect(sent()[1]).toMatchObject({ text: "two", replyTo: "m0" });
    outbox.arrived({ id: "m1", clientId: sent()[0]!.clientId });
    expect(states(outbox)).toEqual(["two sending"]);
    await reply("ok", { made: "m2" });
    outbox.forget((id) => id === "m2");
    expect(outbox.own).toEqual([]);
  });

  test("a refusal takes it back and says why; again is the same message", async () => {
    const { outbox, said, come, sent, reply } = chatting();
    outbox.post({ text: "spam" });
    await settled();
    await come();
    await reply("linkNotAllowed", { reason: "links are not allowed" });
    expect(states(outbox)).toEqual(["spam refused"]);
    expect(said).toEqual(["Your message was not sent: this kind of link is not let in."]);
    outbox.retry(sent()[0]!.clientId);
    await settled();
    expect(sent()[1]!.clientId).toBe(sent()[0]!.clientId);
  });

  test("a busy room puts it off; a ban does not", async () => {
    const { platform, outbox, come, sent, reply } = chatting();
    outbox.post({ text: "one" });
    await settled();
    await come();
    await reply("slowMode", { retryAfterMs: 3_000 });
    expect(outbox.own[0]).toMatchObject({ status: "putOff", retryAt: platform.now() + 3_000 });
    platform.advance(3_000);
    await settled();
    expect(sent()).toHaveLength(2);
    await reply("banned", { retryAfterMs: 5_000, reason: "banned" });
    expect(states(outbox)).toEqual(["one refused"]);
  });

  test("what slow mode put off goes out when it ends, and no sooner", async () => {
    const { outbox, come, sent, reply } = chatting();
    outbox.post({ text: "one" });
    await settled();
    await come();
    await reply("slowMode", { retryAfterMs: 30_000 });
    expect(sent()).toHaveLength(1);
    outbox.quickened();
    await settled();
    expect(sent()).toHaveLength(2);
    expect(new Set(sent().map(({ clientId }) => clientId)).size).toBe(1);
    await reply("tooFast", { retryAfterMs: 30_000 });
    outbox.quickened();
    await settled();
    expect(sent()).toHaveLength(2);
  });

  test("a socket that drops loses and doubles nothing", async () => {
    const { platform, outbox, come, sent, reply } = chatting();
    outbox.post({ text: "one" });
    await settled();
    await come();
    for (let drops = 0; drops < 5; drops++) {
      const { length } = platform.sockets;
      platform.socket.drop();
      await settled();
      while (platform.sockets.length === length) platform.advance(500);
      await come();
      platform.advance(2_000);
      await settled();
    }
    expect(sent()).toHaveLength(6);
    expect(new Set(sent().map(({ clientId }) => clientId)).size).toBe(1);
    await reply("ok", { made: "m1" });
    expect(states(outbox)).toEqual(["one sent"]);
  });

  test("held is its author's to see, and goes when it is let in", async () => {
    const { outbox, come, reply } = chatting();
    outbox.post({ text: "tickets" });
    await settled();
    await come();
    await reply("held", { made: "m1" });
    expect(states(outbox)).toEqual(["tickets held"]);
    const notice: Notice = {
      ...{ kind: "rejected", room: "arg-fra", message: "m1", by: "", reason: "spam" },
      ...{ until: 0, at: 0 },
    };
    outbox.noticed(notice, "");
    expect(outbox.own[0]).toMatchObject({ status: "rejected", reason: "spam" });
    outbox.noticed({ ...notice, kind: "approved" }, "");
    expect(outbox.own).toEqual([]);
  });

  test("a sticker is a message without a text", async () => {
    const { outbox, come, sent, reply } = chatting();
    outbox.post({ text: "", sticker: "red-card", replyTo: "m0" });
    expect(outbox.own[0]).toMatchObject({ text: "", sticker: "red-card", status: "sending" });
    await settled();
    await come();
    expect(sent()).toMatchObject([{ text: "", sticker: "red-card", replyTo: "m0", edits: "" }]);
    await reply("muted", { reason: "muted for 10 s" });
    expect(outbox.own[0]).toMatchObject({ sticker: "red-card", status: "refused" });
  });
});
