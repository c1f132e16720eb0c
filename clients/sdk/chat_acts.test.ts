import { describe, expect, test } from "vitest";
import { ChatActs } from "./chat_acts.ts";
import { FanApi } from "./fan_api.ts";
import { FanCommands } from "./fan_commands.ts";
import { guestTokens } from "./fan_token.ts";
import { startLive, subscribed, welcome } from "./scripted_client.ts";

async function acting() {
  const { platform, client } = startLive();
  platform.answer = ({ path }) =>
    path === "/api/session"
      ? { status: 201, value: { token: "t1", subject: "ana", expiresAt: 9e15 } }
      : null;
  const api = new FanApi(platform, guestTokens(platform));
  const said: string[] = [];
  const acts = new ChatActs({
    ...{ room: "arg-fra", platform, commands: new FanCommands({ client, api, platform }) },
    onChange: (sentence) => sentence !== "" && said.push(sentence),
  });
  client.signIn(await api.signedIn());
  platform.socket.open();
  platform.socket.receive(welcome(), subscribed());
  await settled();
  const reactions = () => platform.socket.sent.flatMap(({ react }) => react ?? []);
  const reply = async (id: number, code: string, reason = "") => {
    platform.socket.receive({ reply: { id, code, reason } });
    await settled();
  };
  return { platform, acts, said, reactions, reply };
}

/** Longer than any chain of promises of a command. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
}

describe("ChatActs", () => {
  test("a reaction is shown at once and taken back on refusal", async () => {
    const { acts, said, reactions, reply } = await acting();
    void acts.react("m1", "fire");
    expect(acts.given.get("m1")).toBe("fire");
    await settled();
    await reply(reactions()[0]!.id, "muted", "muted for 10 s");
    expect(acts.given.get("m1")).toBeNull();
    expect(said).toEqual(["Your reaction was not taken: you are muted here."]);
  });

  test("a refusal does not take back what was given after it", async () => {
    const { acts, reactions, reply } = await acting();
    void acts.react("m1", "fire");
    void acts.react("m1", "heart");
    await settled();
    const [first, second] = reactions();
    await reply(second!.id, "ok");
    await reply(first!.id, "tooFast", "too fast");
    expect(acts.given.get("m1")).toBe("heart");
  });

  test("a cheer is to the room itself, shown at once and taken back on refusal", async () => {
    const { platform, acts, said, reactions, reply } = await acting();
    void acts.cheer("fire");
    expect(acts.cheered.get("fire")).toBe(platform.now());
    await settled();
    expect(reactions()).toMatchObject([{ room: "arg-fra", message: "", reaction: "fire" }]);
    await reply(reactions()[0]!.id, "tooOften", "too often");
    expect(acts.cheered.has("fire")).toBe(false);
    expect(said).toEqual(["Your cheer was not taken: too often."]);
  });

  test("an own message is gone at once and back on refusal", async () => {
    const { platform, acts, reply } = await acting();
    void acts.remove("m1");
    expect(acts.leaving.has("m1")).toBe(true);
    await settled();
    const { id, action } = platform.socket.sent.flatMap(({ moderate }) => moderate ?? [])[0]!;
    expect(action).toBe("deleteOwn");
    await reply(id, "ownerUnavailable", "try again");
    expect(acts.leaving.has("m1")).toBe(false);
  });
});
