/**
 * The children that moderation beyond a single room is made of: the roll of the
 * banned, the global log where it is owned, who asks it, and users' pictures.
 */
import { join } from "node:path";
import { GLOBAL_LOG } from "../actors/moderation/global_log_entry.ts";
import type { Rooms } from "../actors/ports/rooms.ts";
import { banSignal, GlobalBans } from "../channels/ban_roll.ts";
import { OwnerCaller } from "../channels/owner_call.ts";
import { StewardRoll } from "../gateway/steward_roll.ts";
import { limits } from "../runtime/limits.ts";
import { auditKey } from "./audit_key.ts";
import type { TreeOptions } from "./built.ts";
import { type Child, type ChildSpec, lastingChild } from "./child_spec.ts";
import { ModerationOwner } from "./moderation_owner.ts";
import { moderationAbilities, RemoteModeration } from "./remote_moderation.ts";
import { RemoteRooms } from "./remote_rooms.ts";

/** Below the data folder. */
const AVATARS_FOLDER = "avatars";

/** In every process: who is banned is asked of each message. */
export function banRoll({ parts, built }: TreeOptions): ChildSpec {
  return child("bans", async () => {
    const bans = await GlobalBans.open({ ...built.hot, ...parts });
    built.banRoll = bans;
    return lastingChild(() => bans.close());
  });
}

/** The global log, where this process owns it; before "placement", which says whether it does. */
export function ownedModeration(
  { config, parts, built, node }: TreeOptions,
  fenceOf: (entity: string) => number | null,
): ChildSpec {
  return child("moderation", async () => {
    const { streams, cells, broker } = built.hot;
    const isShared = config.redisUrl !== null;
    const key = auditKey(config, parts.random);
    if (key === null) {
      parts.events.warned(
        "The audit of moderation is not signed, as there is no key and none can be written " +
          `to ${config.data}: set the same GOLAZO_AUDIT_KEY for every process`,
      );
    } else if (config.databaseUrl !== null && config.auditKey === null) {
      parts.events.warned(
        "The audit of a shared database is signed with a key of this data folder: set the same " +
          "GOLAZO_AUDIT_KEY for every process",
      );
    }
    // A purge goes into rooms of all owners.
    const caller = isShared
      ? await OwnerCaller.open({ broker, clock: parts.clock, node: `${node}/${GLOBAL_LOG}` })
      : null;
    const remote: Rooms | null = caller === null ? null : new RemoteRooms(caller);
    const stewards = new StewardRoll(cells, parts.clock);
    const owner = await ModerationOwner.start({
      ...parts,
      ...{ streams, cells, fenceOf },
      publisher: banSignal(broker),
      store: built.sql.moderation,
      seals: key === null ? null : built.sql.sealsWith(key),
      rooms: () => remote ?? built.rooms,
      roleOf: (user) => stewards.roleOf(user),
    });
    built.moderation = owner;
    built.kinds.push(owner);
    Object.assign(built.abilities, moderationAbilities(owner));
    return {
      exited: owner.exited,
      async stop(reason) {
        built.kinds.splice(built.kinds.indexOf(owner), 1);
        await owner.stop(reason);
        caller?.close();
      },
    };
  });
}

/** The global log as this process asks it: whoever owns it, where it does not. */
export function moderation({ config, built }: TreeOptions): ChildSpec {
  return child("moderationAsking", () => {
    if (config.redisUrl !== null) built.moderation = new RemoteModeration(built.caller!);
    return Promise.resolve(lastingChild(() => {}));
  });
}

/** Users' pictures, in processes with a public door. */
export function avatars({ config, parts, built }: TreeOptions): ChildSpec {
  return child("avatars", async () => {
    const { AvatarDesk } = await import("../assets/avatars/avatar_desk.ts");
    const folder = join(config.data, AVATARS_FOLDER);
    const desk = new AvatarDesk({ folder, ...parts });
    built.avatars = { desk, folder };
    return lastingChild(() => desk.stop());
  });
}

function child(id: string, start: () => Promise<Child>): ChildSpec {
  return { id, start, restart: "permanent", shutdownMs: 3 * limits.shutdownMsMax };
}
