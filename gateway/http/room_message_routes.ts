/**
 * A room's conversation by HTTP: pages of it, and everything that can be done
 * there by socket.
 *
 * A page is made of what the ops have left, so it never says what was removed:
 * a tombstone stands there. Caches may keep a public room's for a second and no
 * longer, and none keeps a private one's.
 */
import { createHash } from "node:crypto";
import type { RoomAnswer, RoomPage, Rooms } from "../../actors/ports/rooms.ts";
import type { ReportReason } from "../../actors/moderation/report_queue.ts";
import { isStamp } from "../../actors/room/hybrid_clock.ts";
import { isChannelId } from "../../protocol/channel_name.ts";
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  type Route,
} from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import type { Random } from "../../runtime/random.ts";
import type { Pass, VerifyToken } from "../auth/pass.ts";
import { forFans } from "../auth/signed_in.ts";
import type { ChatDesk } from "../chat_desk.ts";
import { actionIn, unknownAction } from "../chat_frames.ts";
import { refused, unknownRoom } from "../chat_refusal.ts";
import { mentionsIn } from "../mentions.ts";
import type { RoomKeys } from "../room_keys.ts";
import type { AskedWish } from "../wish_form.ts";
import { askerBy, jsonBody, refusalReply, textIn, visitorOf } from "./room_requests.ts";
import { PUBLIC } from "./room_routes.ts";

export interface RoomMessageRoutePorts {
  rooms: Pick<Rooms, "page">;
  keys: Pick<RoomKeys, "mayEnter" | "isPrivate">;
  desk: Pick<ChatDesk, "carryOut" | "refuse">;
  verifyToken: VerifyToken;
  random: Random;
}

const OWN = { "cache-control": "no-store" };
const MESSAGES = 50;

/** What a request asks of the room; a text: what it lacks. */
type Reading = (body: Record<string, unknown>, request: HttpRequest) => AskedWish | string;

export function roomMessageRoutes(ports: RoomMessageRoutePorts): Route[] {
  const { verifyToken } = ports;
  const doing = (method: Route["method"], path: string, read: Reading, status = 200): Route =>
    forFans({
      ...{ method, path },
      answer: (request, fan) => carryOut(ports, request, fan, read, status),
    }, verifyToken);
  const message = "/api/rooms/:id/messages/:message";
  return [
    {
      method: "GET",
      path: "/api/rooms/:id/messages",
      answer: (request) => page(ports, request),
    },
    doing("POST", "/api/rooms/:id/messages", postIn, 201),
    doing("PUT", message, editIn),
    doing("DELETE", message, (_body, { params }) => ({
      kind: "deleteOwn",
      target: params.message!,
    })),
    doing("PUT", `${message}/reaction`, (body, { params }) => {
      const reaction = textIn(body, "reaction");
      if (reaction === undefined) return "a reaction, or an empty one";
      return { kind: "react", target: params.message!, reaction: reaction || null };
    }),
    doing("POST", "/api/rooms/:id/reports", reportIn, 201),
    doing("POST", "/api/rooms/:id/actions", (body) => moderationIn(ports, body)),
  ];
}

async function page(
  { rooms, keys, verifyToken }: RoomMessageRoutePorts,
  request: HttpRequest,
): Promise<HttpReply> {
  const { params: { id = "" }, url: { searchParams } } = request;
  const visitor = await visitorOf(request, verifyToken);
  if ("status" in visitor) return visitor;
  const before = searchParams.get("before");
  const limit = searchParams.get("limit") ?? String(MESSAGES);
  const isLimit = /^\d{1,3}$/.test(limit) && Number(limit) >= 1 &&
    Number(limit) <= limits.roomPageMax;
  if ((before !== null && !isStamp(before)) || !isLimit) {
    const needed = `a message's id as before and a limit of 1 to ${limits.roomPageMax}`;
    return refusalReply(refused("malformed", `Cannot show the messages: needed ${needed}`));
  }
  const isThere = isChannelId(id) && await keys.mayEnter(id, visitor);
  const found = isThere ? await rooms.page(id, { before, limit: Number(limit) }) : null;
  if (found === null) return refusalReply(unknownRoom());
  return pageReply(found, await keys.isPrivate(id));
}

function pageReply(found: RoomPage, isPrivate: boolean): HttpReply {
  const reply = jsonReply(found, 200, isPrivate ? OWN : PUBLIC);
  const etag = createHash("sha256").update(reply.body!).digest("base64url").slice(0, 22);
  return { ...reply, headers: { ...reply.headers, etag: `"${etag}"` } };
}

async function carryOut(
  { desk }: RoomMessageRoutePorts,
  request: HttpRequest,
  fan: Pass,
  read: Reading,
  status: number,
): Promise<HttpReply> {
  const asker = askerBy(fan);
  const body = await jsonBody(request);
  const asked = read(body, request);
  if (typeof asked === "string") {
    const reason = `Cannot do this: needed ${asked} in a JSON object`;
    return refusalReply(desk.refuse(asker, refused("malformed", reason)));
  }
  return replyOf(await desk.carryOut(asker, request.params.id!, asked), status);
}

function replyOf(answer: RoomAnswer, status: number): HttpReply {
  if (answer.outcome === "refused") return refusalReply(answer);
  const { made = null, held = false } = answer;
  return jsonReply({ made, held }, held ? 202 : status, OWN);
}

function postIn(body: Record<string, unknown>): AskedWish | string {
  const clientId = textIn(body, "clientId");
  const text = textIn(body, "text") ?? "";
  if (clientId === undefined) return "a clientId";
  const [sticker, replyTo] = [textIn(body, "sticker"), textIn(body, "replyTo")];
  return {
    ...{ kind: "post", clientId, text, mentions: mentionsIn(text) },
    ...{ sticker: sticker || null, replyTo: replyTo || null },
  };
}

function editIn(body: Record<string, unknown>, { params }: HttpRequest): AskedWish | string {
  const [clientId, text] = [textIn(body, "clientId"), textIn(body, "text")];
  if (clientId === undefined || text === undefined) return "a clientId and a text";
  return { kind: "edit", clientId, text, mentions: mentionsIn(text), target: params.message! };
}

function reportIn(body: Record<string, unknown>): AskedWish | string {
  const [target, why] = [textIn(body, "message"), textIn(body, "why")];
  if (target === undefined || why === undefined) return "a message and why";
  return { kind: "report", target, why: why as ReportReason };
}

function moderationIn(
  { random }: RoomMessageRoutePorts,
  body: Record<string, unknown>,
): AskedWish | string {
  const { until = 0, seconds = 0, confirm = false } = body;
  const action = textIn(body, "action");
  const isForm = typeof until === "number" && typeof seconds === "number" &&
    typeof confirm === "boolean";
  if (action === undefined || !isForm) return "an action, its until, seconds and confirm";
  const text = (name: string) => textIn(body, name) ?? "";
  const wish = actionIn({
    ...{ action, target: text("target"), reason: text("reason"), clientId: text("clientId") },
    ...{ until, seconds, confirm },
  }, random);
  return wish ?? unknownAction(action).reason;
}
