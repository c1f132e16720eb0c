import { describe, expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { seededRandom } from "../../runtime/random.ts";
import {
  expel,
  type Group,
  type GroupChange,
  handOver,
  join,
  leave,
  newGroup,
  rankedMembers,
  renewInvite,
} from "./group.ts";

const random = seededRandom(1);
const group = (members: string[]): Group => ({
  ...newGroup("g1", "Friends", members[0]!, random),
  members,
});
const after = (change: GroupChange): Group => {
  if (change.outcome !== "changed") throw new Error(`not changed: ${change.outcome}`);
  return change.group;
};
const refusal = (change: GroupChange) => change.outcome === "refused" ? change.code : null;

describe("join", () => {
  test("lets in who has the invitation, once", () => {
    const friends = group(["ana"]);
    const two = after(join(friends, "bea", friends.inviteCode));
    expect(two.members).toEqual(["ana", "bea"]);
    expect(join(two, "bea", friends.inviteCode)).toEqual({ outcome: "unchanged" });
    expect(friends.members).toEqual(["ana"]);
  });

  test("refuses a forged invitation, and one to no group alike", () => {
    const friends = group(["ana"]);
    const almost = friends.inviteCode.slice(0, -1);
    for (const code of ["", almost, `${friends.inviteCode}x`, friends.inviteCode.toUpperCase()]) {
      expect(join(friends, "bea", code)).toEqual(join(null, "bea", code));
      expect(refusal(join(friends, "bea", code))).toBe("forgedInvite");
    }
    expect(refusal(join(null, "bea", "-".repeat(16)))).toBe("forgedInvite");
    // Not even a member learns whether a code is right.
    expect(refusal(join(friends, "ana", almost))).toBe("forgedInvite");
  });

  test("takes the last member that a group may have and not one more", () => {
    const max = limits.groupMembersMax;
    const almost = group(Array.from({ length: max - 1 }, (_, n) => `u${n}`));
    const full = after(join(almost, "ana", almost.inviteCode));
    expect(full.members).toHaveLength(max);
    expect(refusal(join(full, "bea", full.inviteCode))).toBe("groupFull");
  });
});

describe("a group's owner", () => {
  test("is followed by who has been in longest, and the last member dissolves the group", () => {
    const left = after(leave(group(["ana", "bea", "cem"]), "ana"));
    expect([left.owner, left.members]).toEqual(["bea", ["bea", "cem"]]);
    expect(after(leave(group(["ana", "bea"]), "bea")).owner).toBe("ana");
    expect(leave(group(["ana"]), "ana")).toEqual({ outcome: "dissolved" });
    expect(leave(group(["ana"]), "bea")).toEqual({ outcome: "unchanged" });
  });

  test("alone hands over, sends away and renews the invitation", () => {
    const friends = group(["ana", "bea"]);
    expect(after(handOver(friends, "ana", "bea")).owner).toBe("bea");
    expect(refusal(handOver(friends, "ana", "cem"))).toBe("notMember");
    expect(refusal(handOver(friends, "bea", "bea"))).toBe("notOwner");
    expect(refusal(renewInvite(friends, "bea", random))).toBe("notOwner");
    expect(refusal(expel(friends, "bea", "ana", random))).toBe("notOwner");
    const renewed = after(renewInvite(friends, "ana", random));
    expect(refusal(join(renewed, "cem", friends.inviteCode))).toBe("forgedInvite");
    const without = after(expel(friends, "ana", "bea", random));
    expect(without.members).toEqual(["ana"]);
    expect(refusal(join(without, "bea", friends.inviteCode))).toBe("forgedInvite");
  });
});

describe("rankedMembers", () => {
  test("ranks equal points equally, by user id inside a tie, those without points last", () => {
    const friends = group(["dan", "ana", "cem", "bea", "eve"]);
    expect(
      rankedMembers(friends, [5, 5, 9, null, 0]).map(({ member, score, rank }) =>
        `${rank} ${member} ${score}`
      ),
    ).toEqual(["1 cem 9", "2 ana 5", "2 dan 5", "4 bea 0", "4 eve 0"]);
  });
});
