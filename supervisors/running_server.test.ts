import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { announceServer, findServer } from "./running_server.ts";

let folder: TemporaryFolder;
let server: Server;
let status: number;
beforeEach(async () => {
  folder = temporaryFolder();
  status = 200;
  server = createServer(({ url }, reply) => {
    reply.writeHead(url === "/healthz" ? status : 404).end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});
afterEach(async () => {
  folder.remove();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const path = () => folder.path("");
const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe("findServer", () => {
  test("finds the one that announced itself and answers, until it withdraws", async () => {
    expect(await findServer(path())).toBeNull();
    const withdraw = announceServer(path(), address());
    expect(await findServer(path())).toBe(address());
    withdraw();
    withdraw();
    expect(await findServer(path())).toBeNull();
  });

  test("does not believe what a killed server left behind", async () => {
    announceServer(path(), "http://127.0.0.1:1");
    expect(await findServer(path())).toBeNull();
    announceServer(path(), "nonsense");
    expect(await findServer(path())).toBeNull();
    announceServer(path(), address());
    status = 503;
    expect(await findServer(path())).toBeNull();
  });
});
