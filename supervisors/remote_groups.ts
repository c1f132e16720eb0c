/**
 * Groups as a process without SQL sees them: any owner that has it is asked.
 *
 * Which one follows from the group's id, or the fan's where it is about all of
 * theirs; none of them keeps anything of a group, so it matters to nobody.
 */
import type { Group } from "../actors/leaderboard/group.ts";
import type { GroupAnswer, GroupRequest, Groups } from "../actors/ports/groups.ts";
import type { OwnerCaller } from "../channels/owner_call.ts";
import { limits } from "../runtime/limits.ts";

const ABILITIES = {
  create: "groups.create",
  ofFan: "groups.ofFan",
  get: "groups.get",
  change: "groups.change",
} as const;

interface Creation {
  id: string;
  name: string;
  owner: string;
}

interface Change {
  id: string;
  by: string;
  request: GroupRequest;
}

export class RemoteGroups implements Groups {
  readonly #caller: Pick<OwnerCaller, "ask">;

  constructor(caller: Pick<OwnerCaller, "ask">) {
    this.#caller = caller;
  }

  create(id: string, name: string, owner: string): Promise<GroupAnswer> {
    return this.#ask(id, ABILITIES.create, { id, name, owner } satisfies Creation);
  }

  ofFan(user: string): Promise<Group[]> {
    return this.#ask(user, ABILITIES.ofFan, user);
  }

  get(id: string): Promise<Group | null> {
    return this.#ask(id, ABILITIES.get, id);
  }

  change(id: string, by: string, request: GroupRequest): Promise<GroupAnswer> {
    return this.#ask(id, ABILITIES.change, { id, by, request } satisfies Change);
  }

  #ask<T>(id: string, ability: string, body: unknown): Promise<T> {
    return this.#caller.ask(`groups/${id}`, ability, body, limits.groupAskMsMax) as Promise<T>;
  }
}

/** The same abilities, answered from this process' SQL. */
export function groupAbilities(groups: Groups) {
  return {
    [ABILITIES.create]: (_entity: string, { id, name, owner }: Creation) =>
      groups.create(id, name, owner),
    [ABILITIES.ofFan]: (_entity: string, user: string) => groups.ofFan(user),
    [ABILITIES.get]: (_entity: string, id: string) => groups.get(id),
    [ABILITIES.change]: (_entity: string, { id, by, request }: Change) =>
      groups.change(id, by, request),
  };
}
