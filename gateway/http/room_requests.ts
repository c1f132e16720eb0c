/**
 * What the routes of rooms share: who asks, what the body says, and refusals as
 * problems.
 */
import { type HttpReply, type HttpRequest, problemReply } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { Pass, VerifyToken } from "../auth/pass.ts";
import type { Actor } from "../auth/permissions.ts";
import type { ChatAsker } from "../chat_desk.ts";
import type { Refused } from "../chat_refusal.ts";

/** Codes that are not simply "you may not". */
const STATUS: Record<string, number> = {
  signIn: 401,
  malformed: 400,
  badRoomName: 400,
  confirm: 409,
  confirmNeeded: 409,
  changedSince: 409,
  final: 409,
  pinsFull: 409,
  standingsFull: 409,
  reactionsFull: 409,
  fromFuture: 400,
  textEmpty: 400,
  textTooLong: 400,
  textControl: 400,
  textBidi: 400,
  textMarks: 400,
  textMalformed: 400,
  notAllowed: 422,
  unknownRoom: 404,
  unknownMessage: 404,
  tooOld: 410,
  tooMany: 429,
  slowMode: 429,
  tooFast: 429,
  tooManyMentions: 422,
  linkNotAllowed: 422,
  queueFull: 503,
  busy: 503,
  storeAway: 503,
};

export function refusalReply({ code, reason: detail, retryAfterMs }: Refused): HttpReply {
  const status = STATUS[code] ?? (retryAfterMs === undefined ? 403 : 429);
  const reply = problemReply({ status, code, detail, retryAfterMs });
  if (status !== 401) return reply;
  return { ...reply, headers: { ...reply.headers, "www-authenticate": "Bearer" } };
}

/** All of one fan's requests share a bucket. */
export function askerBy({ subject, role }: Pass): ChatAsker {
  return { subject, role, source: `http ${subject}`, where: "http" };
}

/** Of a route that anonymous fans may ask; a problem where a token is shown and refused. */
export async function visitorOf(
  request: HttpRequest,
  verifyToken: VerifyToken,
): Promise<Actor | HttpReply> {
  const shown = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (shown === undefined) return { subject: "", role: "anonymous" };
  const verdict = await verifyToken(shown);
  if (!("refused" in verdict)) return verdict;
  return refusalReply({
    outcome: "refused",
    code: "signIn",
    reason: `Cannot do this: the token is refused: ${verdict.refused}`,
  });
}

/** An empty object where the body is none of JSON. @throws {Failure} `bodyTooLarge`. */
export async function jsonBody(request: HttpRequest): Promise<Record<string, unknown>> {
  const bytes = await request.body(limits.chatBodyBytesMax);
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}

export function textIn(body: Record<string, unknown>, name: string): string | undefined {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return typeof value === "string" ? value : undefined;
}
