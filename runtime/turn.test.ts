import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, test } from "vitest";
import { socketTurn } from "./turn.ts";

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
