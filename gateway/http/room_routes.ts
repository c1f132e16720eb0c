/**
 * Rooms by HTTP: which there are, making one, coming in by invitation.
 *
 * A fan's room is for who has its invitation, an operator's for everybody. Who
 * may not come in is told nothing of a room, not even that it is there; a wrong
 * invitation and one to no room are refused alike.
 */
import type { RoomRecord, Rooms } from "../../actors/ports/rooms.ts";
import { isChannelId } from "../../protocol/channel_name.ts";
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  type Route,
} from "../../runtime/http_route.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import type { Pass, VerifyToken } from "../auth/pass.ts";
import { forFans } from "../auth/signed_in.ts";
import type { ChatAllowance } from "../chat_allowance.ts";
import type { ChatDesk } from "../chat_desk.ts";
import { refused, unknownRoom } from "../chat_refusal.ts";
import { roomTitleProblem } from "../room_title.ts";
import type { RoomKeys } from "../room_keys.ts";
import { askerBy, jsonBody, refusalReply, textIn, visitorOf } from "./room_requests.ts";

export interface PublicRoom {
  id: string;
  title: string;
  /** Null: of no match in particular. */
  matchId: string | null;
}

export interface RoomRoutePorts {
  rooms: Pick<Rooms, "create" | "whole">;
  keys: Pick<RoomKeys, "mayEnter" | "isPrivate" | "join" | "record">;
  desk: Pick<ChatDesk, "refuse" | "speaker">;
  allowance: Pick<ChatAllowance, "take">;
  /** Rooms that everybody may enter, those of matches first. */
  publicRooms(): Promise<PublicRoom[]>;
  /** From now on it is one of them. */
  madePublic(room: PublicRoom): Promise<void>;
  verifyToken: VerifyToken;
  random: Random;
}

const OWN = { "cache-control": "no-store" };
/** No stale answers: what was removed is out of every cache a second later. */
export const PUBLIC = { "cache-control": "public, max-age=0, s-maxage=1" };

export function roomRoutes(ports: RoomRoutePorts): Route[] {
  const { verifyToken } = ports;
  return [
    {
      method: "GET",
      path: "/api/rooms",
      answer: async () => jsonReply({ rooms: await ports.publicRooms() }, 200, PUBLIC),
    },
    forFans({
      method: "POST",
      path: "/api/rooms",
      answer: (request, fan) => make(ports, request, fan),
    }, verifyToken),
    { method: "GET", path: "/api/rooms/:id", answer: (request) => show(ports, request) },
    forFans({
      method: "POST",
      path: "/api/rooms/:id/join",
      answer: (request, fan) => join(ports, request, fan),
    }, verifyToken),
  ];
}

async function make(ports: RoomRoutePorts, request: HttpRequest, fan: Pass): Promise<HttpReply> {
  const { desk, allowance, rooms, random } = ports;
  const asker = askerBy(fan);
  const body = await jsonBody(request);
  const title = textIn(body, "name")?.normalize("NFC");
  if (title === undefined) return refusalReply(desk.refuse(asker, malformed("a name")));
  const problem = roomTitleProblem(title);
  if (problem !== null) return refusalReply(desk.refuse(asker, refused("badRoomName", problem)));
  const early = desk.speaker(asker);
  if (early !== null) return refusalReply(desk.refuse(asker, early));
  const often = await allowance.take(fan.subject, "make");
  if (often !== null) return refusalReply(desk.refuse(asker, { outcome: "refused", ...often }));
  const isPublic = fan.role === "operator";
  const id = `r-${randomId(random, 16)}`;
  const record: Omit<RoomRecord, "createdAt"> = {
    ...{ id, title, matchId: null },
    owner: isPublic ? null : fan.subject,
    inviteCode: isPublic ? null : randomId(random, 16),
  };
  const answer = await rooms.create(record);
  if (answer.outcome === "refused") return refusalReply(desk.refuse(asker, answer));
  if (isPublic) await ports.madePublic({ id, title, matchId: null });
  const { inviteCode } = record;
  return jsonReply({ room: { id, title, matchId: null }, inviteCode }, 201, OWN);
}

async function show(ports: RoomRoutePorts, request: HttpRequest): Promise<HttpReply> {
  const { id = "" } = request.params;
  const visitor = await visitorOf(request, ports.verifyToken);
  if ("status" in visitor) return visitor;
  const isThere = isChannelId(id) && await ports.keys.mayEnter(id, visitor);
  const whole = isThere ? await ports.rooms.whole(id) : null;
  if (whole === null) return refusalReply(unknownRoom());
  const { state, slowMs, pinned, title, matchId, owner } = whole.face;
  const isPrivate = await ports.keys.isPrivate(id);
  const room = { id, title, matchId, owner, state, slowMs, pinned, isPrivate };
  // Who made it gives the invitation on.
  const record = isPrivate ? await ports.keys.record(id) : null;
  const mine = record?.owner === visitor.subject ? { inviteCode: record.inviteCode } : {};
  return jsonReply({ ...room, ...mine }, 200, isPrivate ? OWN : PUBLIC);
}

async function join(ports: RoomRoutePorts, request: HttpRequest, fan: Pass): Promise<HttpReply> {
  const { desk, allowance, keys } = ports;
  const asker = askerBy(fan);
  const inviteCode = textIn(await jsonBody(request), "inviteCode");
  if (inviteCode === undefined) return refusalReply(desk.refuse(asker, malformed("an inviteCode")));
  const early = desk.speaker(asker);
  if (early !== null) return refusalReply(desk.refuse(asker, early));
  const often = await allowance.take(fan.subject, "join");
  if (often !== null) return refusalReply(desk.refuse(asker, { outcome: "refused", ...often }));
  const { id = "" } = request.params;
  if (await keys.join(id, fan.subject, inviteCode)) return jsonReply({ room: { id } }, 200, OWN);
  const reason = "Cannot come in: needed an invitation to a room that is there";
  return refusalReply(desk.refuse(asker, refused("forgedInvite", reason)));
}

function malformed(needed: string) {
  return refused("malformed", `Cannot do this with a room: needed ${needed} in a JSON object`);
}
