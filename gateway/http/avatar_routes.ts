/**
 * Pictures of users by HTTP: a fan sends one as the raw body, takes it back, and
 * anybody is led to the image of anybody.
 *
 * A moderator takes down another's: an action of the global log first, so that it
 * is never done without its row of the audit, and then the images.
 */
import type { Steward } from "../../actors/moderation/global_log_entry.ts";
import type { AvatarRefusal, Avatars } from "../../actors/ports/avatars.ts";
import type { ModerationDesk } from "../../actors/ports/moderation_desk.ts";
import type { RoomAnswer } from "../../actors/ports/rooms.ts";
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { type HttpReply, jsonReply, problemReply, type Route } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import type { VerifyToken } from "../auth/pass.ts";
import { forFans } from "../auth/signed_in.ts";
import { refusalReply } from "./room_requests.ts";

export interface AvatarRoutePorts {
  avatars: Avatars;
  moderation: Pick<ModerationDesk, "command">;
  verifyToken: VerifyToken;
  random: Random;
  events: Pick<BusinessEvents, "requestRefused">;
}

const OWN = { "cache-control": "no-store" };
const FOR_NOW = { "cache-control": `public, max-age=${limits.avatarAgeSeconds}` };
const STATUS: Record<AvatarRefusal, number> = {
  notAnImage: 415,
  truncated: 422,
  tooManyPixels: 422,
  animated: 422,
  polyglot: 422,
  undecodable: 422,
  tooSoon: 429,
  busy: 503,
};

export function avatarRoutes(ports: AvatarRoutePorts): Route[] {
  const { avatars, verifyToken, events } = ports;
  return [
    forFans({
      method: "POST",
      path: "/api/avatar",
      async answer(request, { subject }): Promise<HttpReply> {
        const answer = await avatars.take(subject, await request.body(limits.avatarBytesMax));
        if (answer.outcome === "ok") return jsonReply({ avatar: pathsOf(answer.avatar) }, 201, OWN);
        const { code, reason: detail, retryAfterMs } = answer;
        events.requestRefused("http", code);
        return problemReply({ status: STATUS[code], code, detail, retryAfterMs });
      },
    }, verifyToken),
    forFans({
      method: "DELETE",
      path: "/api/avatar",
      async answer(_request, { subject }): Promise<HttpReply> {
        await avatars.remove(subject);
        return { status: 204, headers: OWN };
      },
    }, verifyToken),
    {
      method: "GET",
      path: "/api/users/:id/avatar",
      async answer({ params: { id = "" }, url }): Promise<HttpReply> {
        const avatar = await avatars.of(id);
        if (avatar === null) return noAvatar();
        const size = url.searchParams.get("size") === "128" ? 128 : 64;
        return { status: 302, headers: { ...FOR_NOW, location: pathsOf(avatar)[size] } };
      },
    },
    forFans({
      method: "DELETE",
      path: "/api/users/:id/avatar",
      async answer({ params: { id = "" }, url }, { subject, role }): Promise<HttpReply> {
        if (id !== subject) {
          const reason = url.searchParams.get("reason") ?? "";
          const clientId = url.searchParams.get("clientId") ?? randomId(ports.random);
          const from = { user: subject, role } as Steward;
          const answer = await takeDown(ports, from, { target: id, reason, clientId });
          if (answer.outcome === "refused") {
            events.requestRefused("http", answer.code);
            return refusalReply(answer);
          }
        } else await avatars.remove(subject);
        return { status: 204, headers: OWN };
      },
    }, verifyToken),
  ];
}

/** As a moderator: recorded, then done; whoever asks again has it done again. */
export async function takeDown(
  { avatars, moderation }: Pick<AvatarRoutePorts, "avatars" | "moderation">,
  from: Steward,
  { target, reason, clientId }: { target: string; reason: string; clientId: string },
): Promise<RoomAnswer> {
  const found = (await avatars.of(target))?.[128];
  const answer = await moderation.command(from, {
    kind: "moderate",
    clientId,
    request: { kind: "removeAvatar", target, reason },
    targetRole: "fan",
    ...found === undefined ? {} : { found },
  });
  if (answer.outcome === "ok") await avatars.remove(target);
  return answer;
}

function pathsOf(avatar: Record<64 | 128, string>): Record<64 | 128, string> {
  return { 64: `/assets/avatars/${avatar[64]}`, 128: `/assets/avatars/${avatar[128]}` };
}

function noAvatar(): HttpReply {
  const detail = "This user has no picture";
  const reply = problemReply({ status: 404, code: "noAvatar", detail });
  return { ...reply, headers: { ...reply.headers, ...FOR_NOW } };
}
