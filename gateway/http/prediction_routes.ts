/**
 * Predictions by HTTP: what can be picked, a fan's own picks, and taking them.
 *
 * What is everybody's may be kept by every cache for a second; what is a fan's
 * own by none. Of several predictions each has its own result, in their order;
 * where one of them finds the queue full the whole request is to come again,
 * which is harmless for those that were taken.
 */
import type { Predictions } from "../../actors/ports/predictions.ts";
import { isMatchId } from "../../protocol/channel_name.ts";
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { Pass, VerifyToken } from "../auth/pass.ts";
import { forFans } from "../auth/signed_in.ts";
import type { AskedPrediction, PredictionAnswer, PredictionDesk } from "../prediction_desk.ts";
import { type MatchPage, pageReply } from "./match_routes.ts";

export interface PredictionRoutePorts {
  desk: Pick<PredictionDesk, "take">;
  predictions: Pick<Predictions, "ofFan">;
  /** Null: there is no such match. */
  marketPage(matchId: string): Promise<MatchPage | null>;
  verifyToken: VerifyToken;
}

const OWN = { "cache-control": "no-store" };
const FIELDS = ["clientId", "match", "market", "pick"] as const;

export function predictionRoutes(ports: PredictionRoutePorts): Route[] {
  const { verifyToken, predictions, marketPage } = ports;
  return [
    {
      method: "GET",
      path: "/api/matches/:id/markets",
      async answer({ params: { id = "" }, headers }) {
        const page = isMatchId(id) ? await marketPage(id) : null;
        return page === null ? unknownMatch(id) : await pageReply(page, headers);
      },
    },
    forFans({
      method: "GET",
      path: "/api/matches/:id/predictions",
      async answer({ params: { id = "" } }, { subject }) {
        if (!isMatchId(id)) return unknownMatch(id);
        return jsonReply({ predictions: await predictions.ofFan(id, subject) }, 200, OWN);
      },
    }, verifyToken),
    forFans({
      method: "POST",
      path: "/api/predictions",
      answer: (request, fan) => takeAll(ports, request, fan),
    }, verifyToken),
  ];
}

async function takeAll(
  { desk }: PredictionRoutePorts,
  request: HttpRequest,
  { subject }: Pass,
): Promise<HttpReply> {
  const body = await request.body(limits.predictionBodyBytesMax);
  const asked = readAsked(body);
  if ("problem" in asked) {
    const detail = `Cannot take the predictions: ${asked.problem}`;
    return problemReply({ status: 400, code: "malformed", detail });
  }
  const answers = await Promise.all(asked.read.map((one) => desk.take(subject, one)));
  const waits = answers.flatMap((one) => one.outcome === "busy" ? [one.retryAfterMs] : []);
  if (waits.length > 0) {
    const detail = "Cannot take the predictions now: too many wait to be taken";
    return problemReply({ status: 503, code: "busy", detail, retryAfterMs: Math.max(...waits) });
  }
  const results = answers.map((answer, at) => resultOf(asked.read[at]!.clientId, answer));
  return jsonReply({ results }, 200, OWN);
}

/** What a fan has no use for, such as what the pick took the place of, stays here. */
function resultOf(clientId: string, answer: PredictionAnswer) {
  return answer.outcome === "rejected"
    ? { clientId, outcome: answer.outcome, code: answer.code, reason: answer.reason }
    : { clientId, outcome: answer.outcome };
}

function readAsked(body: Uint8Array): { read: AskedPrediction[] } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return { problem: "the body must be JSON in UTF-8" };
  }
  const list = (value as { predictions?: unknown } | null)?.predictions;
  const max = limits.predictionBatchMax;
  if (!Array.isArray(list) || list.length === 0 || list.length > max) {
    return { problem: `predictions must be a list of 1 to ${max}` };
  }
  for (const [at, one] of list.entries()) {
    const wrong = FIELDS.find((field) => typeof one?.[field] !== "string");
    if (wrong !== undefined) return { problem: `predictions[${at}].${wrong} must be a text` };
  }
  return {
    read: list.map(({ clientId, match, market, pick }) => ({ clientId, match, market, pick })),
  };
}

function unknownMatch(id: string): HttpReply {
  const detail = `No such match: ${JSON.stringify(id.slice(0, 64))}`;
  return problemReply({ status: 404, code: "unknownMatch", detail });
}
