/** Lanes over real sockets: a page in the background, and a reader who is slow. */
import { connect } from "node:net";
import { expect, test } from "vitest";
import { splitServerFrames } from "../../protocol/frames.ts";
import { encodeClientFrame, type ServerFrame } from "../../protocol/golazo_codec.ts";
import { Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { Fan } from "../testing/fan.ts";
import { openTestGateway } from "../testing/test_gateway.ts";
import { until } from "../testing/until.ts";

test("in the background a page gets goals, back in front the rest, once", async () => {
  await using gateway = await openTestGateway();
  const channel = gateway.source.match("arg-fra");
  const fan = await Fan.enter(gateway.port);
  await fan.watch("arg-fra");
  fan.send({ attention: { background: true } });
  fan.send({ unsubscribe: { id: 1, channel: "match:none" } });
  await fan.next("reply");
  channel.event("a card");
  channel.possession(55);
  channel.goal();
  channel.event("a substitution");
  await until(() => fan.all("publication").length === 1, "the goal");
  fan.send({ attention: { background: false } });
  const [, mended] = await until(
    () => fan.all("subscribed")[1] && fan.all("subscribed"),
    "mending",
  );
  expect(fan.names()).toBe("welcome subscribed reply publication position subscribed");
  expect(fan.all("position")).toEqual([{ channel: 1, offset: 3, skipped: 3 }]);
  expect(mended).toMatchObject({ recovered: true, offset: 3 });
  expect(mended!.publications.map(({ item }) => item!.text)).toEqual(["a card", "a substitution"]);
  channel.possession(56);
  await until(() => fan.all("publication").length === 2, "all lanes");
});

test("what could not be mended is mended with a later ping", async () => {
  await using gateway = await openTestGateway();
  const channel = gateway.source.match("arg-fra");
  const fan = await Fan.enter(gateway.port);
  await fan.watch("arg-fra");
  fan.send({ attention: { background: true } });
  fan.send({ unsubscribe: { id: 1, channel: "match:none" } });
  await fan.next("reply");
  channel.event("a card");
  await until(() => gateway.events.some((line) => line.startsWith("skipped event")), "the hole");
  gateway.source.inGap = (where) => {
    if (where === "before join") throw new Failure("storeAway", "away", { retryable: true });
  };
  fan.send({ attention: { background: false } });
  await until(() => gateway.events.some((line) => line.includes("Cannot mend")), "the failure");
  gateway.source.inGap = () => {};
  await gateway.clock.advance(limits.pingEveryMs);
  const [, mended] = await until(
    () => fan.all("subscribed")[1] && fan.all("subscribed"),
    "mending",
  );
  expect(mended!.publications.map(({ item }) => item!.text)).toEqual(["a card"]);
});

test("a lite page is told with its pings how far it is", async () => {
  await using gateway = await openTestGateway();
  const channel = gateway.source.match("arg-fra");
  const fan = await Fan.enter(gateway.port, { lite: true });
  await fan.watch("arg-fra");
  channel.event();
  channel.event();
  await gateway.clock.advance(limits.pingEveryMs);
  expect(await fan.next("position")).toEqual({ channel: 1, offset: 2, skipped: 0 });
  fan.send({ pong: { nonce: fan.all("ping")[0]!.nonce } });
  channel.goal();
  await fan.next("publication");
  await gateway.clock.advance(limits.pingEveryMs);
  await until(() => fan.all("position").length === 2, "the second position");
  expect(fan.all("publication").map(({ offset }) => offset)).toEqual([3]);
});

test("a reader at 2 KB/s gets every goal, and is told what it missed", async () => {
  await using gateway = await openTestGateway();
  const channel = gateway.source.match("arg-fra");
  const busy = await Fan.enter(gateway.port);
  await busy.watch("arg-fra");
  const slow = await SlowReader.enter(gateway.port);
  let [goals, told] = [0, 0];
  // Until its queue has lost stats and events, 256 KiB being the end.
  const isPressed = () => gateway.events.some((line) => line.startsWith("skipped event"));
  for (; !isPressed(); told++) {
    expect(told).toBeLessThan(50_000);
    if (told % 50 === 0) channel.goal(++goals, 0);
    else if (told % 2 === 0) channel.event("x".repeat(900));
    else channel.possession(told % 100, 900);
    if (told % 20 === 0) await slow.read(2_048);
    else if (told % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  for (let more = 0; more < 20; more++) {
    channel.goal(++goals, 0);
    channel.event("late");
  }
  await slow.readAll(() => slow.goals.length >= goals);
  await gateway.clock.advance(1_000);
  await slow.readAll(() => slow.frames.some(({ subscribed }) => subscribed?.id === 0));
  expect(new Set(slow.goals).size).toBe(goals);
  const said = slow.frames.reduce((sum, { position }) => sum + (position?.skipped ?? 0), 0);
  const counted = gateway.events.filter((line) => line.startsWith("skipped "))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  expect(counted).toBeGreaterThan(0);
  expect(said).toBe(counted);
  // And everything durable that it missed came after all.
  const had = new Set(slow.frames.flatMap(({ publication, subscribed }) => [
    ...(publication?.offset ? [publication.offset] : []),
    ...(subscribed?.publications.map(({ offset }) => offset) ?? []),
  ]));
  const isWhole = slow.frames.some(({ subscribed }) =>
    subscribed?.id === 0 && !subscribed.recovered
  );
  expect(isWhole || had.size === channel.top).toBe(true);
  slow.close();
});

/** A bare TCP socket that reads only what it is told to. */
class SlowReader {
  readonly frames: ServerFrame[] = [];
  readonly #socket;
  #rest: Buffer = Buffer.alloc(0);
  #isOpen = false;

  private constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    // Paused: bytes wait until they are asked for.
    this.#socket.on("readable", () => {});
  }

  static async enter(port: number): Promise<SlowReader> {
    const reader = new SlowReader(port);
    const lines = [
      "GET /ws HTTP/1.1",
      "host: 127.0.0.1",
      "connection: Upgrade",
      "upgrade: websocket",
      "sec-websocket-version: 13",
      "sec-websocket-key: Z29sYXpvLWJlbmNobWFyaw==",
      "sec-websocket-protocol: golazo.v1.protobuf",
    ];
    reader.#socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    for (const frame of [{ hello: {} }, { subscribe: { id: 7, channel: "match:arg-fra" } }]) {
      const payload = encodeClientFrame(frame);
      reader.#socket.write(Buffer.from([0x82, 0x80 | payload.length, 0, 0, 0, 0, ...payload]));
    }
    await reader.readAll(() => reader.frames.some(({ subscribed }) => subscribed !== undefined));
    return reader;
  }

  get goals(): number[] {
    return this.frames.flatMap(({ publication }) => publication?.goal ? [publication.offset] : []);
  }

  async read(bytes: number): Promise<void> {
    const chunk = this.#socket.read(Math.min(bytes, this.#socket.readableLength)) as Buffer | null;
    if (chunk !== null) this.#take(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }

  async readAll(isEnough: () => boolean): Promise<void> {
    await until(() => {
      const chunk = this.#socket.read() as Buffer | null;
      if (chunk !== null) this.#take(chunk);
      return isEnough();
    }, "enough frames");
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    let bytes = Buffer.concat([this.#rest, chunk]);
    if (!this.#isOpen) {
      const end = bytes.indexOf("\r\n\r\n");
      if (end === -1) return void (this.#rest = bytes);
      this.#isOpen = true;
      bytes = bytes.subarray(end + 4);
    }
    while (bytes.length >= 4) {
      const isLong = bytes[1]! === 126;
      const start = isLong ? 4 : 2;
      const end = start + (isLong ? bytes.readUInt16BE(2) : bytes[1]!);
      if (bytes.length < end) break;
      if (bytes[0] === 0x82) this.frames.push(...splitServerFrames(bytes.subarray(start, end)));
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }
}
