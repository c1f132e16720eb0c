/**
 * What a gateway knows of one fan, by HTTP for operators:
 * `GET /api/ops/connections?device=` (or `?subject=`), `GET /api/ops/channels`.
 *
 * Each process knows its own sockets and nobody else's, so each gateway is asked.
 */
import { type HttpReply, jsonReply, problemReply, type Route } from "../../runtime/http_route.ts";
import type { ConnectionDesk } from "../connection_desk.ts";

const UNCACHED = { "cache-control": "no-store" };

/** `desk`: null where this process has no sockets, now or ever. */
export function connectionRoutes(desk: () => ConnectionDesk | null): Route[] {
  return [
    {
      method: "GET",
      path: "/api/ops/connections",
      answer: ({ url: { searchParams } }) =>
        answer(desk(), (there) => {
          const asked = {
            device: searchParams.get("device"),
            subject: searchParams.get("subject"),
          };
          if (!asked.device && !asked.subject) return unnamed();
          const found = { connections: there.connections(asked), closed: there.closed(asked) };
          return jsonReply(found, 200, UNCACHED);
        }),
    },
    {
      method: "GET",
      path: "/api/ops/channels",
      answer: () =>
        answer(desk(), (there) => jsonReply({ channels: there.channels() }, 200, UNCACHED)),
    },
  ];
}

function answer(
  desk: ConnectionDesk | null,
  tell: (desk: ConnectionDesk) => HttpReply,
): HttpReply {
  if (desk !== null) return tell(desk);
  const detail = "Cannot tell of sockets as this process has no gateway: ask those that have one";
  return problemReply({ status: 404, code: "noGateway", detail });
}

function unnamed(): HttpReply {
  const detail = "Cannot look for a fan's sockets: needed ?device= or ?subject=, found neither";
  return problemReply({ status: 400, code: "queryMalformed", detail });
}
