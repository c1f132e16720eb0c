/**
 * What moderators ask and do by HTTP: rooms, their queues, actions and undo, a
 * user's case, the audit, a search.
 *
 * For tokens of the role moderator or operator; a room's own moderators act over
 * their sockets. Checked here and decided again by the room or the global log,
 * which know who stands above whom. Nothing of it is kept by caches.
 */
import { type ActionRequest, isGlobal } from "../../actors/moderation/moderation_action.ts";
import type { Steward } from "../../actors/moderation/global_log_entry.ts";
import type { ModerationKind } from "../../actors/moderation/permission_rules.ts";
import type { ModerationDesk } from "../../actors/ports/moderation_desk.ts";
import type { RoomAnswer, RoomPulse, Rooms } from "../../actors/ports/rooms.ts";
import { isChannelId } from "../../protocol/channel_name.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
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
import type { StewardRoll } from "../steward_roll.ts";
import { takeDown } from "./avatar_routes.ts";
import type { Avatars } from "../../actors/ports/avatars.ts";
import { searchRooms } from "./room_search.ts";
import { jsonBody, refusalReply, textIn } from "./room_requests.ts";

export interface ModerationRoutePorts {
  rooms: Pick<Rooms, "command" | "page" | "queue" | "pulse" | "audit">;
  moderation: ModerationDesk;
  /** Rooms that are listed: those of matches, and the public ones. */
  listed(): Promise<{ id: string }[]>;
  stewards: Pick<StewardRoll, "note" | "roleOf">;
  avatars: Avatars;
  verifyToken: VerifyToken;
  events: Pick<BusinessEvents, "requestRefused">;
}

type Body = Record<string, unknown>;

const OWN = { "cache-control": "no-store" };
/** In place of a room: the global log. */
const EVERYWHERE = "global";

export function moderationRoutes(ports: ModerationRoutePorts): Route[] {
  const { rooms, moderation, stewards, verifyToken, events } = ports;
  const route = (
    method: "GET" | "POST",
    path: string,
    answer: (request: HttpRequest, from: Steward) => Promise<HttpReply>,
  ) =>
    forFans({
      ...{ method, path: `/api/mod/${path}` },
      async answer(request, pass) {
        if (!isSteward(pass)) {
          events.requestRefused("http", "forbidden");
          const detail = `Cannot do this: needed a moderator or an operator, found ${pass.role}`;
          return problemReply({ status: 403, code: "forbidden", detail });
        }
        await stewards.note(pass);
        return await answer(request, { user: pass.subject, role: pass.role });
      },
    }, verifyToken);
  const shown = (answer: RoomAnswer): HttpReply => {
    if (answer.outcome === "ok") return jsonReply(answer, 200, OWN);
    events.requestRefused("http", answer.code);
    return refusalReply(answer);
  };

  return [
    route("GET", "rooms", async ({ url }) => {
      const asked = url.searchParams.get("room");
      const ids = asked === null ? (await ports.listed()).map(({ id }) => id) : [asked];
      const pulses = await pulsesOf(rooms, ids.filter(isChannelId));
      return jsonReply({ rooms: pulses.sort(byUrgency) }, 200, OWN);
    }),
    route("GET", "queue", async ({ url }) => {
      const room = url.searchParams.get("room") ?? "";
      const queue = isChannelId(room) ? await rooms.queue(room) : null;
      return queue === null ? unknownRoom() : jsonReply(queue, 200, OWN);
    }),
    route("POST", "actions", async (request, from) => {
      const asked = actionIn(await jsonBody(request));
      if (typeof asked === "string") return malformed(asked);
      return shown(await act(ports, from, asked));
    }),
    route("POST", "undo", async (request, from) => {
      const body = await jsonBody(request);
      const room = roomIn(body);
      const clientId = textIn(body, "clientId");
      const { action } = body;
      if (room === null) return malformed("a room, or global");
      if (clientId === undefined) return malformed("a clientId");
      if (!Number.isSafeInteger(action)) return malformed("the number of an action");
      const wish = {
        ...{ kind: "undo", clientId, action: action as number } as const,
        ...{ reason: textIn(body, "reason") ?? "", targetRole: "fan" } as const,
      };
      return shown(
        room === EVERYWHERE
          ? await moderation.command(from, wish)
          : await rooms.command(room, { from, wish }),
      );
    }),
    route("GET", "users/:id", async ({ params: { id = "" }, url }) => {
      const ask = { user: id, before: numberIn(url, "before"), limit: limits.auditPageMax };
      const [page, role] = await Promise.all([moderation.ofUser(ask), stewards.roleOf(id)]);
      return jsonReply({ user: id, role, ...page }, 200, OWN);
    }),
    route("GET", "audit", async ({ url }) => {
      const owner = url.searchParams.get("owner") ?? EVERYWHERE;
      const ask = { owner, before: numberIn(url, "before"), limit: limits.auditPageMax };
      return jsonReply({ owner, ...await moderation.page(ask) }, 200, OWN);
    }),
    route("GET", "search", async ({ url }) => {
      const text = url.searchParams.get("q") ?? "";
      const room = url.searchParams.get("room");
      if (text === "" || text.length > limits.subjectCharsMax) {
        return malformed("q, a user or an id");
      }
      const ids = room === null ? (await ports.listed()).map(({ id }) => id) : [room];
      return jsonReply(await searchRooms(rooms, ids.filter(isChannelId), text), 200, OWN);
    }),
  ];
}

interface Asked {
  room: string;
  clientId: string;
  request: ActionRequest;
}

async function act(
  ports: ModerationRoutePorts,
  from: Steward,
  { room, clientId, request }: Asked,
): Promise<RoomAnswer> {
  const { rooms, moderation, stewards } = ports;
  const { kind, target, reason } = request;
  if (room === EVERYWHERE && kind === "removeAvatar") {
    return await takeDown(ports, from, { target, reason, clientId });
  }
  const targetRole = await stewards.roleOf(target);
  const wish = { kind: "moderate", clientId, request, targetRole } as const;
  return room === EVERYWHERE
    ? await moderation.command(from, wish)
    : await rooms.command(room, { from, wish });
}

/** What is missing, where something is. */
function actionIn(body: Body): Asked | string {
  const clientId = textIn(body, "clientId");
  const kind = textIn(body, "action") as ModerationKind | undefined;
  if (kind === undefined) return "an action";
  // What holds in every room is meant so, wherever a moderator stands.
  const room = isGlobal(kind) ? EVERYWHERE : roomIn(body);
  if (room === null) return "a room, or global";
  if (clientId === undefined) return "a clientId";
  const { until, seconds, confirm } = body;
  const request: ActionRequest = {
    ...{ kind, target: textIn(body, "target") ?? "", reason: textIn(body, "reason") ?? "" },
    ...until === undefined || until === null ? {} : { until: Number(until) },
    ...seconds === undefined || seconds === null ? {} : { seconds: Number(seconds) },
    ...confirm === true ? { confirm } : {},
  };
  return { room, clientId, request };
}

function roomIn(body: Body): string | null {
  const room = textIn(body, "room") ?? "";
  return room === EVERYWHERE || isChannelId(room) ? room : null;
}

async function pulsesOf(rooms: Pick<Rooms, "pulse">, ids: string[]): Promise<RoomPulse[]> {
  // One that cannot be asked now is asked again with the next look.
  const pulses = await Promise.all(ids.map((id) => rooms.pulse(id).catch(() => null)));
  return pulses.filter((pulse) => pulse !== null);
}

function byUrgency(a: RoomPulse, b: RoomPulse): number {
  return b.held + b.reported - a.held - a.reported || b.postsPerMinute - a.postsPerMinute;
}

function isSteward(pass: Pass): pass is Pass & { role: "moderator" | "operator" } {
  return pass.role === "moderator" || pass.role === "operator";
}

/** Null where there is none. */
function numberIn({ searchParams }: URL, name: string): number | null {
  const value = Number(searchParams.get(name) ?? NaN);
  return Number.isSafeInteger(value) ? value : null;
}

function malformed(needed: string): HttpReply {
  const detail = `Cannot do this: needed ${needed}`;
  return problemReply({ status: 400, code: "malformed", detail });
}

function unknownRoom(): HttpReply {
  return problemReply({ status: 404, code: "unknownRoom", detail: "There is no such room" });
}
