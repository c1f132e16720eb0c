/**
 * What a public door has for moderators, and for pictures of users.
 */
import { avatarImageRoute } from "../assets/avatars/avatar_image_route.ts";
import { avatarRoutes } from "../gateway/http/avatar_routes.ts";
import { moderationRoutes } from "../gateway/http/moderation_routes.ts";
import { StewardRoll } from "../gateway/steward_roll.ts";
import type { Route } from "../runtime/http_route.ts";
import type { TreeOptions } from "./built.ts";
import type { PublicRooms } from "./public_rooms.ts";

export function moderationDoor(
  { parts, built }: TreeOptions,
  publicRooms: Pick<PublicRooms, "all">,
): Route[] {
  const { hot, rooms, moderation, tokens: { verifyToken } } = built;
  const { desk: avatars, folder } = built.avatars!;
  const shared = { ...parts, moderation, avatars, verifyToken };
  return [
    ...moderationRoutes({
      ...{ ...shared, rooms },
      listed: () => publicRooms.all(),
      stewards: new StewardRoll(hot.cells, parts.clock),
    }),
    ...avatarRoutes(shared),
    avatarImageRoute(folder),
  ];
}
