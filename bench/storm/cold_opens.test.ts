import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { hasCompiler } from "../native_program.ts";
import { ColdOpens } from "./cold_opens.ts";

const isPossible = hasCompiler();
if (!isPossible) console.log("Skipped: who opens the app is written in C and there is no gcc here");

describe.runIf(isPossible)("ColdOpens", () => {
  test("counts whole replies alone, each on a connection of its own", async () => {
    let asked = 0;
    const connections = new Set<unknown>();
    const server = createServer((request, reply) => {
      connections.add(request.socket);
      asked += 1;
      // In two pieces, the second of which some never get.
      reply.writeHead(asked % 10 === 0 ? 503 : 200, { "content-length": 100_000 });
      reply.write("x".repeat(50_000));
      if (asked % 10 === 1) request.socket.destroy();
      else reply.end("x".repeat(50_000));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const opens = new ColdOpens();
    const { port } = server.address() as AddressInfo;
    const { served, failed, ms } = await opens.open([port], "/api/matches/some", 100);
    await opens.stop();
    server.close();
    expect({ served, failed, asked, connections: connections.size })
      .toEqual({ served: 80, failed: 20, asked: 100, connections: 100 });
    expect(ms).toBeGreaterThanOrEqual(100);
  });
});
