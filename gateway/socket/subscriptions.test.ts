import { describe, expect, test } from "vitest";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { Fan } from "../testing/fan.ts";
import { openTestGateway } from "../testing/test_gateway.ts";
import { until } from "../testing/until.ts";
import { nextTurn } from "../../runtime/turn.ts";
import type { Hub } from "../hub.ts";
import { type Owner, Subscriptions } from "./subscriptions.ts";

describe("Subscriptions", () => {
  test("refuses what is no channel, unknown or another's", async () => {
    await using gateway = await openTestGateway();
    const fan = await Fan.enter(gateway.port, { token: "good" });
    const channels = ["nonsense", "match:", "match:unknown", "user:bea", "user:ana"];
    for (const [index, channel] of channels.entries()) {
      fan.send({ subscribe: { id: index + 1, channel } });
    }
    await until(() => fan.all("reply").length === 5, "five replies");
    const codes = fan.all("reply").sort((a, b) => a.id - b.id).map(({ code }) => code);
    expect(codes).toEqual([
      "unknownChannel",
      "unknownChannel",
      "unknownChannel",
      "forbidden",
      "unknownChannel",
    ]);
    expect(gateway.source.opened.has("user:bea")).toBe(false);
    expect(fan.closedWith).toBe(null);
  });

  test("says when to try again where the source is away", async () => {
    await using gateway = await openTestGateway();
    gateway.source.match("arg-fra");
    gateway.source.inGap = (where) => {
      if (where === "before join") {
        throw new Failure("snapshotUnavailable", "", { retryable: true });
      }
    };
    const fan = await Fan.enter(gateway.port);
    fan.send({ subscribe: { id: 4, channel: "match:arg-fra" } });
    expect(await fan.next("reply")).toMatchObject({
      id: 4,
      code: "snapshotUnavailable",
      retryAfterMs: limits.busyRetryMs,
    });
    gateway.source.inGap = () => {};
    expect((await fan.watch("arg-fra")).offset).toBe(0);
  });

  test("hears nothing more once unsubscribed", async () => {
    await using gateway = await openTestGateway();
    const channel = gateway.source.match("arg-fra");
    const fan = await Fan.enter(gateway.port);
    await fan.watch("arg-fra");
    fan.send({ unsubscribe: { id: 3, channel: "match:arg-fra" } });
    expect(await fan.next("reply")).toMatchObject({ id: 3, code: "ok" });
    channel.goal();
    await fan.watch("arg-fra");
    expect(fan.names()).toBe("welcome subscribed reply subscribed");
  });

  test("a second Subscribe replaces the first and gets nothing twice", async () => {
    await using gateway = await openTestGateway();
    const channel = gateway.source.match("arg-fra");
    const fan = await Fan.enter(gateway.port);
    await fan.watch("arg-fra");
    await fan.watch("arg-fra", { epoch: "e1", offset: 0 });
    channel.goal();
    await until(() => fan.all("publication").length > 0, "the goal");
    expect(channel.listeners.size).toBe(1);
    fan.send({ unsubscribe: { id: 3, channel: "match:arg-fra" } });
    await fan.next("reply");
    expect(fan.all("publication")).toHaveLength(1);
  });

  test("a socket that ends leaves its channels", async () => {
    await using gateway = await openTestGateway();
    const channel = gateway.source.match("arg-fra");
    const [fan, other] = [await Fan.enter(gateway.port), await Fan.enter(gateway.port)];
    await fan.watch("arg-fra");
    await other.watch("arg-fra");
    fan.socket.close();
    await until(() => gateway.gateway.connections() === 1, "the end of one");
    channel.goal();
    expect(gateway.events).toContain("delivered goal 1");
    other.socket.terminate();
    await until(() => gateway.gateway.connections() === 0, "the end of both");
    await gateway.clock.advance(limits.channelLingerMs);
    expect(channel.listeners.size).toBe(0);
  });

  test("128 channels a socket, not one more", async () => {
    await using gateway = await openTestGateway();
    const fan = await Fan.enter(gateway.port);
    const ids = Array.from({ length: limits.subscriptionsMax }, (_, index) => `m${index}`);
    for (const match of ids) gateway.source.match(match);
    for (const match of ids) fan.send({ subscribe: { id: 1, channel: `match:${match}` } });
    fan.send({ subscribe: { id: 2, channel: "match:m" } });
    expect(await fan.next("reply")).toMatchObject({ id: 2, code: "tooManySubscriptions" });
    await until(() => fan.all("subscribed").length === ids.length, "all of them");
    const numbers = fan.all("subscribed").map(({ number }) => number);
    expect(Math.max(...numbers)).toBe(limits.subscriptionsMax);
    fan.send({ track: { id: 3, matches: ["m"] } });
    await until(() => fan.all("reply").length === 2, "the refusal");
    expect(fan.all("reply")[1]).toMatchObject({ id: 3, code: "tooManySubscriptions" });
    // One that it has may be asked for again.
    await fan.watch("m0");
  });

  test("Track follows a list's matches in lite and names the unknown", async () => {
    await using gateway = await openTestGateway();
    const [first, second] = [gateway.source.match("a"), gateway.source.match("b")];
    const fan = await Fan.enter(gateway.port);
    fan.send({ track: { id: 6, matches: ["a", "b", "nope", "No Such", "a"] } });
    const reply = await fan.next("reply");
    expect(reply).toMatchObject({ id: 6, code: "unknownMatch" });
    expect(reply.reason).toBe('No such match: "nope", "No Such"');
    expect(fan.all("subscribed").map(({ id, channel }) => `${id} ${channel}`).sort())
      .toEqual(["6 match:a", "6 match:b"]);
    first.event();
    first.goal();
    second.goal();
    await until(() => fan.all("publication").length === 2, "both goals");
    expect(fan.all("publication").every(({ goal }) => goal !== undefined)).toBe(true);
  });

  test("a new Track replaces the old one, and leaves alone what is subscribed", async () => {
    await using gateway = await openTestGateway();
    const [a, b, c] = ["a", "b", "c"].map((id) => gateway.source.match(id));
    const fan = await Fan.enter(gateway.port);
    await fan.watch("a");
    fan.send({ track: { id: 1, matches: ["a", "b"] } });
    await until(() => fan.all("reply").length === 1, "the first");
    fan.send({ track: { id: 2, matches: ["c"] } });
    await until(() => fan.all("reply").length === 2, "the second");
    expect(fan.all("subscribed").map(({ channel }) => channel))
      .toEqual(["match:a", "match:b", "match:c"]);
    b!.goal();
    a!.event();
    c!.goal();
    await until(() => fan.all("publication").length === 2, "what it follows");
    expect(fan.all("publication").map(({ channel }) => channel).sort()).toEqual([1, 3]);
  });

  test("a lite session gets goals only, whatever it subscribes to", async () => {
    await using gateway = await openTestGateway();
    const channel = gateway.source.match("arg-fra");
    const fan = await Fan.enter(gateway.port, { lite: true });
    await fan.watch("arg-fra");
    channel.event();
    channel.possession(50);
    channel.goal();
    await fan.next("publication");
    expect(fan.all("publication")[0]!.goal).toBeDefined();
  });

  test("catches up one channel at a time, whoever comes while another is under way", async () => {
    const ends: (() => void)[] = [];
    const hub = {
      enter: () => Promise.resolve("entered"),
      catchUp: () => new Promise<void>((resolve) => void ends.push(resolve)),
    } as unknown as Hub;
    const owner = { caughtUp: () => Promise.resolve() } as Owner;
    const subscriptions = new Subscriptions(owner, hub);
    const subscribe = async (match: string) => {
      void subscriptions.subscribe(
        { id: 1, channel: `match:${match}`, epoch: "", offset: 0, lite: false },
        false,
      );
      await nextTurn();
    };
    await subscribe("first");
    await subscribe("second");
    expect(ends).toHaveLength(1);
    ends[0]!();
    await nextTurn();
    expect(ends).toHaveLength(2);
    await subscribe("third");
    expect(ends).toHaveLength(2);
    ends[1]!();
    await nextTurn();
    expect(ends).toHaveLength(3);
  });

  test("many large snapshots at once do not make a healthy socket slow", async () => {
    await using gateway = await openTestGateway();
    const fan = await Fan.enter(gateway.port);
    for (let index = 0; index < 100; index++) {
      const channel = gateway.source.match(`m${index}`);
      for (let event = 0; event < 20; event++) channel.event("x".repeat(5_000));
      fan.send({ subscribe: { id: 1, channel: `match:m${index}`, epoch: "e1", offset: 0 } });
    }
    await until(() => fan.all("subscribed").length === 100 || fan.closedWith, "10 MB");
    expect(fan.closedWith).toBe(null);
    expect(fan.all("subscribed").every(({ publications }) => publications.length === 20)).toBe(
      true,
    );
  });
});
