/**
 * A peer: a room of socket.io, over WebSockets alone, as its documents write one.
 *
 * Every message to everybody at once; or in windows as Golazo's, of which each
 * of eight groups gets a few messages, another few each.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { pause, systemClock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";
import { obey } from "../load_process.ts";

type Message = [user: string, clientId: string, text: string];

const GROUPS = 8;
const OF_WINDOW = limits.chatMessagesPerSecondMax * limits.chatWindowMs / 1_000;

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
let isSampled = false;
let entered = 0;
let window: Message[] = [];

io.on("connection", (socket) => {
  socket.join("room");
  socket.join(`group-${entered++ % GROUPS}`);
  socket.on("say", (...[user, clientId, text, answer]: [...Message, () => void]) => {
    if (isSampled) window.push([user, clientId, text]);
    else io.to("room").emit("message", user, clientId, text);
    answer();
  });
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
void tellWindows();

async function tellWindows(): Promise<never> {
  for (;;) {
    await pause(systemClock, limits.chatWindowMs);
    const said = window;
    window = [];
    if (said.length === 0) continue;
    for (let group = 0; group < GROUPS; group++) {
      const own = said.filter((_, at) => at % GROUPS === group).slice(0, Math.ceil(OF_WINDOW));
      io.to(`group-${group}`).emit("messages", own, said.length - own.length);
    }
  }
}

obey({
  listen(options: { isSampled: boolean }) {
    isSampled = options.isSampled;
    return (http.address() as AddressInfo).port;
  },
});
