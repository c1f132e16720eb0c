/**
 * What every Broker keeps, sentence by sentence of its port.
 *
 * Hearing may take a while where a network lies between; the order may not suffer.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Broker } from "../../actors/ports/broker.ts";
import { payload, textOf } from "./payload.ts";

export interface OpenBroker {
  broker: Broker;
  close(): Promise<void>;
}

export function describeBrokerContract(name: string, open: () => Promise<OpenBroker>): void {
  describe(`${name} keeps the broker contract`, () => {
    let opened: OpenBroker;
    let broker: Broker;
    beforeEach(async () => {
      opened = await open();
      broker = opened.broker;
    });
    afterEach(() => opened.close());

    const listen = async (channel: string) => {
      const heard: string[] = [];
      const stop = await broker.subscribe(channel, (bytes) => heard.push(textOf(bytes)));
      return { heard, stop };
    };

    test("a publication reaches every listener of its channel, in order", async () => {
      const [one, two, other] = [
        await listen("match:a"),
        await listen("match:a"),
        await listen("match:b"),
      ];
      await broker.publish("match:a", ["1", "2"].map(payload));
      await broker.publish("match:b", [payload("b")]);
      await broker.publish("match:a", [payload("3")]);
      await expect.poll(() => [one.heard, two.heard, other.heard]).toEqual([
        ["1", "2", "3"],
        ["1", "2", "3"],
        ["b"],
      ]);
    });

    test("publications made at once keep the order in which they were made", async () => {
      const { heard } = await listen("match:a");
      const said = Array.from({ length: 100 }, (_, index) => `${index}`);
      await Promise.all(said.map((text) => broker.publish("match:a", [payload(text)])));
      await expect.poll(() => heard).toEqual(said);
    });

    test("who subscribes later hears nothing of before", async () => {
      await broker.publish("match:a", [payload("before")]);
      const { heard } = await listen("match:a");
      await broker.publish("match:a", [payload("after")]);
      await expect.poll(() => heard).toEqual(["after"]);
    });

    test("the answer of subscribe ends that subscription and no other", async () => {
      const heard: string[] = [];
      const listener = (bytes: Uint8Array) => void heard.push(textOf(bytes));
      const stop = await broker.subscribe("match:a", listener);
      await broker.subscribe("match:a", listener);
      await broker.publish("match:a", [payload("both")]);
      await expect.poll(() => heard).toEqual(["both", "both"]);
      stop();
      stop();
      await broker.publish("match:a", [payload("one")]);
      await expect.poll(() => heard).toEqual(["both", "both", "one"]);
    });

    test("a listener that throws does not stop others, nor later publications", async () => {
      await broker.subscribe("match:a", () => {
        throw new Error("a listener's own trouble");
      });
      const { heard } = await listen("match:a");
      await broker.publish("match:a", [payload("1")]);
      await broker.publish("match:a", [payload("2")]);
      await expect.poll(() => heard).toEqual(["1", "2"]);
    });

    test("what a listener publishes comes after what it heard, for everybody", async () => {
      await broker.subscribe("match:a", (bytes) => {
        if (textOf(bytes) === "1") void broker.publish("match:a", [payload("answer")]);
      });
      const { heard } = await listen("match:a");
      await broker.publish("match:a", [payload("1")]);
      await expect.poll(() => heard).toEqual(["1", "answer"]);
    });

    test("payloads keep every byte; nobody listening is no mistake", async () => {
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const heard: number[][] = [];
      await broker.subscribe("match:a", (bytes) => void heard.push([...bytes]));
      await broker.publish("match:none", [all]);
      await broker.publish("match:a", []);
      await broker.publish("match:a", [all, new Uint8Array()]);
      await expect.poll(() => heard).toEqual([[...all], []]);
    });
  });
}
