/**
 * A group: fans who compare their points among themselves.
 *
 * Pure rules: each answers the group as it is afterwards, or why not. Whoever
 * has the invitation may come in until 1,000 are; a wrong one takes as long to
 * refuse as a right one to accept, however much of it is right. There is always
 * one owner: where the owner leaves, who has been in longest follows.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { limits } from "../../runtime/limits.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import { inOrder, type RankedRow } from "./board_page.ts";
import { RankHistogram } from "./rank_histogram.ts";

export interface Group {
  id: string;
  name: string;
  owner: string;
  inviteCode: string;
  /** In the order in which they came. */
  members: readonly string[];
}

export type GroupChange =
  | { outcome: "changed"; group: Group }
  /** The last member has left. */
  | { outcome: "dissolved" }
  | { outcome: "unchanged" }
  | { outcome: "refused"; code: GroupRefusal; reason: string };

export type GroupRefusal = "forgedInvite" | "groupFull" | "notMember" | "notOwner";

/** 16 characters hold 82 bits. */
const INVITE_CHARS = 16;
/** For a group that does not exist, so that asking for one takes as long. */
const NO_CODE = "-".repeat(INVITE_CHARS);

export function newGroup(id: string, name: string, owner: string, random: Random): Group {
  return { id, name, owner, inviteCode: newInviteCode(random), members: [owner] };
}

export function newInviteCode(random: Random): string {
  return randomId(random, INVITE_CHARS);
}

/** `group` is null where there is none of that id: refused like a wrong code. */
export function join(group: Group | null, userId: string, inviteCode: string): GroupChange {
  if (!isSameCode(inviteCode, group?.inviteCode ?? NO_CODE) || group === null) {
    return refused("forgedInvite", "Cannot join as the invitation is not, or no longer, valid");
  }
  if (group.members.includes(userId)) return { outcome: "unchanged" };
  if (group.members.length >= limits.groupMembersMax) {
    return refused(
      "groupFull",
      `Cannot join ${group.id} as a group has at most ${limits.groupMembersMax} members`,
    );
  }
  return changed(group, { members: [...group.members, userId] });
}

export function leave(group: Group, userId: string): GroupChange {
  if (!group.members.includes(userId)) return { outcome: "unchanged" };
  const members = group.members.filter((member) => member !== userId);
  const [longest] = members;
  if (longest === undefined) return { outcome: "dissolved" };
  return changed(group, { members, owner: group.owner === userId ? longest : group.owner });
}

/** The owner sends a member away. A new invitation keeps whoever was sent away out. */
export function expel(group: Group, by: string, userId: string, random: Random): GroupChange {
  if (by !== group.owner) return notOwner(group, by);
  if (!group.members.includes(userId)) return { outcome: "unchanged" };
  const left = leave(group, userId);
  return left.outcome === "changed"
    ? changed(left.group, { inviteCode: newInviteCode(random) })
    : left;
}

export function handOver(group: Group, by: string, to: string): GroupChange {
  if (by !== group.owner) return notOwner(group, by);
  if (group.members.includes(to)) return changed(group, { owner: to });
  return refused("notMember", `Cannot hand ${group.id} over to ${to}, who is not in it`);
}

export function renewInvite(group: Group, by: string, random: Random): GroupChange {
  if (by !== group.owner) return notOwner(group, by);
  return changed(group, { inviteCode: newInviteCode(random) });
}

/** Everybody in the group, also those without points; `scores` in the order of the members. */
export function rankedMembers(group: Group, scores: (number | null)[]): RankedRow[] {
  const members = group.members.map((member, at) => ({ member, score: scores[at] ?? 0 }));
  const counts = new RankHistogram(members.map(({ score }) => ({ score, members: 1 })));
  return members.sort(inOrder).map((row) => ({ ...row, rank: counts.rankOf(row.score) }));
}

/** Digests are of one length, whatever was shown. */
function isSameCode(shown: string, wanted: string): boolean {
  const digest = (code: string) => createHash("sha256").update(code).digest();
  return timingSafeEqual(digest(shown), digest(wanted));
}

function changed(group: Group, by: Partial<Group>): GroupChange {
  return { outcome: "changed", group: { ...group, ...by } };
}

function notOwner(group: Group, by: string): GroupChange {
  return refused("notOwner", `Cannot change ${group.id} as only its owner may: ${by} is not`);
}

function refused(code: GroupRefusal, reason: string): GroupChange {
  return { outcome: "refused", code, reason };
}
