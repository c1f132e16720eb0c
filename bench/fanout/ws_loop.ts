/** A peer: what most people write first, `send` in a loop over the sockets of `ws`. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { obey } from "../load_process.ts";
import type { WriteArgument } from "./contestant.ts";

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
await once(server, "listening");

obey({
  listen: () => (server.address() as AddressInfo).port,
  write({ publications, bytes }: WriteArgument): void {
    const message = Buffer.alloc(bytes);
    for (let publication = 0; publication < publications; publication++) {
      for (const socket of server.clients) socket.send(message);
    }
  },
});
