/** A peer, run by Bun: its native WebSockets and their `publish` to a topic. */
import { obey } from "../load_process.ts";
import type { WriteArgument } from "./contestant.ts";

interface BunServer {
  readonly port: number;
  upgrade(request: Request): boolean;
  publish(topic: string, message: Uint8Array): number;
}

interface BunSocket {
  subscribe(topic: string): void;
}

/** As far as this needs it: neither Deno's types nor Node's know Bun. */
declare const Bun: {
  serve(options: {
    hostname: string;
    port: number;
    fetch(request: Request, server: BunServer): Response | undefined;
    websocket: { open(socket: BunSocket): void; message(): void };
  }): BunServer;
};

const TOPIC = "all";
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request, server) =>
    server.upgrade(request) ? undefined : new Response("", { status: 426 }),
  websocket: { open: (socket) => socket.subscribe(TOPIC), message() {} },
});

obey({
  listen: () => server.port,
  write({ publications, bytes }: WriteArgument): void {
    const message = new Uint8Array(bytes);
    for (let publication = 0; publication < publications; publication++) {
      server.publish(TOPIC, message);
    }
  },
});
