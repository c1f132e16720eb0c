/**
 * Settlements by HTTP: how far a match's is, and what would be if it ended now.
 *
 *   GET /api/matches/:id/settlement
 *   GET /api/matches/:id/projection   the fan's own, with a bearer token
 */
import type { SettlementSaid } from "../../channels/settlement_said.ts";
import { isMatchId } from "../../protocol/channel_name.ts";
import { type HttpReply, jsonReply, problemReply, type Route } from "../../runtime/http_route.ts";
import type { VerifyToken } from "../auth/pass.ts";
import { forFans } from "../auth/signed_in.ts";

export interface SettlementRoutePorts {
  said: Pick<SettlementSaid, "progress" | "projection">;
  verifyToken: VerifyToken;
}

const UNSAID = { "cache-control": "no-store" };
/** Progress moves twice a second; a page that asks for it is shown a second's. */
const PUBLIC = { "cache-control": "public, s-maxage=1, stale-while-revalidate=5" };

export function settlementRoutes({ said, verifyToken }: SettlementRoutePorts): Route[] {
  return [
    {
      method: "GET",
      path: "/api/matches/:id/settlement",
      async answer({ params: { id = "" } }) {
        const progress = isMatchId(id) ? await said.progress(id) : null;
        if (progress !== null) return jsonReply({ matchId: id, ...progress }, 200, PUBLIC);
        return unknown("noSettlement", "The match has no settlement, or none of the last days", id);
      },
    },
    forFans({
      method: "GET",
      path: "/api/matches/:id/projection",
      async answer({ params: { id = "" } }, { subject }) {
        const projection = isMatchId(id) ? await said.projection(id, subject) : null;
        if (projection !== null) return jsonReply(projection, 200, UNSAID);
        return unknown("unknownMatch", "No such match", id);
      },
    }, verifyToken),
  ];
}

function unknown(code: string, what: string, id: string): HttpReply {
  const detail = `${what}: ${JSON.stringify(id.slice(0, 64))}`;
  return problemReply({ status: 404, code, detail });
}
