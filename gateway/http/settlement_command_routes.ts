/**
 * An operator's hand on settlements, on the admin listener.
 *
 *   GET  /api/ops/settlements/:id
 *   POST /api/ops/settlements/:id/settle   ends the holding time
 *   POST /api/ops/settlements/:id/hold     {"reason": "…"}
 *   POST /api/ops/settlements/:id/resume
 *   POST /api/ops/settlements/:id/void     {"market": "possession", "reason": "…"}
 *   POST /api/ops/settlements/:id/again    {"reason": "…"}
 *
 * Each is written down with who said it and what it changed. It is in force once
 * it is answered; whoever settles the match is nudged.
 */
import type { CommandAsk, Settlements } from "../../actors/ports/settlements.ts";
import { isMarket, MARKETS } from "../../actors/prediction/market.ts";
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { VerifyToken } from "../auth/pass.ts";

export interface SettlementCommandPorts {
  settlements: Pick<Settlements, "latest" | "chunks" | "command">;
  verifyToken: VerifyToken;
  /** Whether there is such a match. */
  knows(matchId: string): Promise<boolean>;
  /** The match's settlement is another's now. */
  changed(matchId: string): void;
}

const COMMANDS = ["settle", "hold", "resume", "void", "again"] as const;
const NEED_REASON: readonly string[] = ["hold", "void", "again"];
const BODY_BYTES_MAX = 4 * 1024;
/** Whoever has the token that lies beside the data. */
const OPERATOR = "operator";

export function settlementCommandRoutes(ports: SettlementCommandPorts): Route[] {
  return [
    {
      method: "GET",
      path: "/api/ops/settlements/:id",
      answer: ({ params: { id = "" } }) => show(ports, id),
    },
    ...COMMANDS.map((command): Route => ({
      method: "POST",
      path: `/api/ops/settlements/:id/${command}`,
      answer: (request) => say(ports, command, request),
    })),
  ];
}

async function show({ settlements }: SettlementCommandPorts, id: string): Promise<HttpReply> {
  const run = await settlements.latest(id);
  if (run === null) {
    const detail = `The match has no settlement: ${JSON.stringify(id.slice(0, 64))}`;
    return problemReply({ status: 404, code: "noRun", detail });
  }
  const chunks = await settlements.chunks(id, run.run);
  const { outcomeKey: _, ...told } = run;
  return jsonReply({
    ...told,
    chunks: chunks.length,
    committed: chunks.filter(({ isWritten }) => isWritten).length,
    ranked: chunks.filter(({ isRanked }) => isRanked).length,
    entries: chunks.reduce((sum, { entries }) => sum + entries, 0),
    points: chunks.reduce((sum, { points }) => sum + points, 0),
  });
}

async function say(
  ports: SettlementCommandPorts,
  command: CommandAsk["command"],
  request: HttpRequest,
): Promise<HttpReply> {
  const { id = "" } = request.params;
  const body = await bodyOf(request);
  const { reason = "", market } = body ?? {};
  if (typeof reason !== "string" || reason.length > limits.moderationReasonCharsMax) {
    return malformed("reason", `needed a text of at most ${limits.moderationReasonCharsMax}`);
  }
  if (reason === "" && NEED_REASON.includes(command)) return malformed("reason", "needed one");
  if (command === "void" && (typeof market !== "string" || !isMarket(market))) {
    return malformed("market", `needed one of ${MARKETS.join(", ")}`);
  }
  if (!await ports.knows(id)) {
    const detail = `No such match: ${JSON.stringify(id.slice(0, 64))}`;
    return problemReply({ status: 404, code: "unknownMatch", detail });
  }
  const ask = { command, by: await operatorOf(request, ports.verifyToken), reason };
  const outcome = await ports.settlements.command(
    id,
    command === "void" ? { ...ask, market: market as CommandAsk["market"] } : ask,
  );
  if (outcome.outcome === "refused") {
    return problemReply({ status: 409, code: outcome.code, detail: outcome.reason });
  }
  ports.changed(id);
  return jsonReply({ matchId: id, ...outcome });
}

async function bodyOf(request: HttpRequest): Promise<Record<string, unknown> | null> {
  const text = new TextDecoder().decode(await request.body(BODY_BYTES_MAX));
  try {
    const body = text === "" ? {} : JSON.parse(text);
    return typeof body === "object" ? body : null;
  } catch {
    return null;
  }
}

function malformed(field: string, needed: string): HttpReply {
  const detail = `Cannot do it: ${field}: ${needed}`;
  return problemReply({ status: 422, code: "malformed", field, detail });
}

async function operatorOf({ headers }: HttpRequest, verifyToken: VerifyToken): Promise<string> {
  const shown = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
  const verdict = await verifyToken(shown);
  return "refused" in verdict ? OPERATOR : verdict.subject;
}
