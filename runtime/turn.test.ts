import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, test } from "vitest";
import { nextTurn, socketTurn, socketTurnsAwaited } from "./turn.ts";

test("socketTurn lets sockets be read within a few turns of somebody who holds the loop", async () => {
  const server = createServer((socket) => socket.on("data", (bytes) => socket.write(bytes)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  const work = new Uint8Array(4 * 1024 * 1024);
  let isBack = false;
  socket.once("data", () => (isBack = true));
  socket.write("x");
  let turns = 0;
  while (!isBack && turns < 200) {
    createHash("sha256").update(work).digest();
    await socketTurn();
    turns++;
  }
  // There and back are two looks; without any it takes some hundred turns.
  expect(turns).toBeLessThan(15);
  socket.destroy();
  server.close();
});

test("socketTurnsAwaited counts whoever waits for the timer, until it has its turn", async () => {
  // A look at the sockets a moment ago would make the next one a plain turn.
  const isOld = performance.now() + 5;
  while (performance.now() < isOld) await nextTurn();
  const turns = [socketTurn(), socketTurn()];
  expect(socketTurnsAwaited()).toBe(2);
  await Promise.all(turns);
  expect(socketTurnsAwaited()).toBe(0);
});
