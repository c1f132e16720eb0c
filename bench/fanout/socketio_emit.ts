/** A peer: socket.io's own `emit` to everybody, over WebSockets alone. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { obey } from "../load_process.ts";
import type { WriteArgument } from "./contestant.ts";

/** `42["p",""]`: what stands around the text of an event. */
const ENVELOPE_BYTES = 10;

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
http.listen(0, "127.0.0.1");
await once(http, "listening");

obey({
  listen: () => (http.address() as AddressInfo).port,
  write({ publications, bytes }: WriteArgument): void {
    const text = "x".repeat(bytes - ENVELOPE_BYTES);
    for (let publication = 0; publication < publications; publication++) io.emit("p", text);
  },
});
