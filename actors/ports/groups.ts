/**
 * Groups of fans in SQL, their only truth.
 *
 * Every change is one of the rules of leaderboard/group.ts, made while nobody
 * else changes the group. Asked a second time, as a caller does whose answer was
 * lost, a change finds that it was made: only a new invitation is made anew.
 */
import type { Group, GroupRefusal } from "../leaderboard/group.ts";

export type GroupRequest =
  | { type: "join"; inviteCode: string }
  | { type: "leave" }
  | { type: "expel"; user: string }
  | { type: "handOver"; to: string }
  | { type: "renewInvite" };

export type GroupAnswer =
  /** As it is now; null: it was dissolved, or `by` is in it no longer. */
  | { outcome: "done"; group: Group | null }
  | {
    outcome: "refused";
    code: GroupRefusal | "unknownGroup" | "groupExists" | "tooManyGroups";
    reason: string;
  };

/** @throws {Failure} retryable where SQL is away. */
export interface Groups {
  /** `id` is the caller's: the same one again from the same owner is the same group. */
  create(id: string, name: string, owner: string): Promise<GroupAnswer>;
  /** The fan's groups, by id. */
  ofFan(user: string): Promise<Group[]>;
  get(id: string): Promise<Group | null>;
  change(id: string, by: string, request: GroupRequest): Promise<GroupAnswer>;
}
