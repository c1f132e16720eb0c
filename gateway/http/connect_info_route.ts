/**
 * Where to open a socket, and whether now is a good moment.
 *
 * A browser cannot read why its WebSocket handshake was refused, nor for how
 * long; here it can ask first. Today the answer is the very gateway that was
 * asked; a list of regions has the same shape. Never kept by a cache, as the
 * next gateway may have room.
 */
import { jsonReply, problemReply, type Route } from "../../runtime/http_route.ts";
import { subscriberOf } from "../auth/client_address.ts";
import type { Admission } from "../admission.ts";

/** The only one, until there are several. */
const REGION = "default";

export function connectInfoRoute(admission: Pick<Admission, "look">): Route {
  return {
    method: "GET",
    path: "/api/connect-info",
    answer({ url, address }) {
      const entry = admission.look(subscriberOf(address));
      if (!entry.admitted) {
        const { reason: code, retryAfterMs } = entry;
        const detail = "Cannot take another socket now";
        return problemReply({ status: 503, code, detail, retryAfterMs });
      }
      const socket = new URL("/ws", url);
      socket.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      return jsonReply([{ url: socket.href, region: REGION }], 200, {
        "cache-control": "no-store",
      });
    },
  };
}
