import { expect, test } from "vitest";
import { type BusinessEvents, silentEvents } from "../../runtime/business_events.ts";
import { describeBrokerContract } from "../contract/broker.contract.ts";
import { payload } from "../contract/payload.ts";
import { MemoryBroker } from "./memory_broker.ts";

describeBrokerContract("MemoryBroker", () =>
  Promise.resolve({
    broker: new MemoryBroker(silentEvents),
    close: () => Promise.resolve(),
  }));

test("MemoryBroker delivers before publish returns", async () => {
  const broker = new MemoryBroker(silentEvents);
  let heard = 0;
  await broker.subscribe("match:a", () => void heard++);
  void broker.publish("match:a", [payload("1"), payload("2")]);
  expect(heard).toBe(2);
});

test("MemoryBroker says which channel's listener threw", async () => {
  const warnings: string[] = [];
  const events: BusinessEvents = {
    ...silentEvents,
    warned: (message: string) => void warnings.push(message),
  };
  const broker = new MemoryBroker(events);
  await broker.subscribe("match:a", () => {
    throw new Error("no room left");
  });
  await broker.publish("match:a", [payload("1")]);
  expect(warnings).toEqual(["A listener of match:a threw and was passed over: no room left"]);
});
