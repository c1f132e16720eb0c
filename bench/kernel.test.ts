import process from "node:process";
import { expect, test } from "vitest";
import { coreTimes, cpuMs, idleSince, kernelSocketBytes, residentBytes } from "./kernel.ts";

test("cpuMs is what the process says of itself", () => {
  const until = process.hrtime.bigint() + 50_000_000n;
  while (process.hrtime.bigint() < until);
  const { user, system } = process.cpuUsage();
  expect(Math.abs(cpuMs(process.pid) - (user + system) / 1_000)).toBeLessThan(50);
});

test("residentBytes is what the process says of itself", () => {
  const ratio = residentBytes(process.pid) / process.memoryUsage().rss;
  expect(ratio).toBeGreaterThan(0.8);
  expect(ratio).toBeLessThan(1.25);
});

test("idleSince is a share of the time of one core", () => {
  const now = coreTimes(0);
  expect(now.all).toBeGreaterThan(now.idle);
  const half = { idle: now.idle - 100, all: now.all - 200 };
  expect(idleSince(0, half)).toBeGreaterThan(0.3);
  expect(idleSince(0, half)).toBeLessThan(0.7);
});

test("kernelSocketBytes finds both of its sums", () => {
  expect(kernelSocketBytes()).toBeGreaterThan(1_000_000);
});
