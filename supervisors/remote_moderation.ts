/**
 * The global log of moderation as a process sees it that does not own it: a
 * question to the owner, wherever that is.
 *
 * The audit of every owner is in the same SQL, so whoever owns the log answers
 * for all of them.
 */
import {
  GLOBAL_LOG,
  type GlobalWish,
  type Steward,
} from "../actors/moderation/global_log_entry.ts";
import type { AuditPage, ModerationDesk } from "../actors/ports/moderation_desk.ts";
import type { RoomAnswer } from "../actors/ports/rooms.ts";
import type { Abilities, OwnerCaller } from "../channels/owner_call.ts";
import { limits } from "../runtime/limits.ts";

const ABILITIES = {
  command: "moderation.command",
  page: "moderation.page",
  ofUser: "moderation.ofUser",
} as const;

interface Command {
  from: Steward;
  wish: GlobalWish;
}
type PageAsk = Parameters<ModerationDesk["page"]>[0];
type UserAsk = Parameters<ModerationDesk["ofUser"]>[0];

export class RemoteModeration implements ModerationDesk {
  readonly #caller: Pick<OwnerCaller, "ask">;

  constructor(caller: Pick<OwnerCaller, "ask">) {
    this.#caller = caller;
  }

  command(from: Steward, wish: GlobalWish): Promise<RoomAnswer> {
    return this.#ask(ABILITIES.command, { from, wish } satisfies Command);
  }

  page(ask: PageAsk): Promise<AuditPage> {
    return this.#ask(ABILITIES.page, ask);
  }

  ofUser(ask: UserAsk): Promise<AuditPage> {
    return this.#ask(ABILITIES.ofUser, ask);
  }

  #ask<T>(ability: string, body: unknown): Promise<T> {
    return this.#caller.ask(GLOBAL_LOG, ability, body, limits.moderationAnswerMsMax) as Promise<T>;
  }
}

/** The same abilities, answered by the owner in this process. */
export function moderationAbilities(desk: ModerationDesk): Abilities {
  return {
    [ABILITIES.command]: (_entity, { from, wish }: Command) => desk.command(from, wish),
    [ABILITIES.page]: (_entity, ask: PageAsk) => desk.page(ask),
    [ABILITIES.ofUser]: (_entity, ask: UserAsk) => desk.ofUser(ask),
  };
}
