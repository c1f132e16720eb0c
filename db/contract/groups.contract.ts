/**
 * What groups keep, on every SQL; their rules are tested with group.ts.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Group } from "../../actors/leaderboard/group.ts";
import type { GroupAnswer, Groups } from "../../actors/ports/groups.ts";
import { limits } from "../../runtime/limits.ts";

export interface OpenGroups {
  /** Without a group in it. */
  store: Groups;
  close(): Promise<void>;
}

export function describeGroupsContract(name: string, open: () => Promise<OpenGroups>): void {
  describe(`${name} keeps the groups contract`, () => {
    let opened: OpenGroups;
    let store: Groups;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const made = async (id = "g1", owner = "ana") =>
      groupOf(await store.create(id, "Büro 4. Stock", owner))!;
    const groupOf = (answer: GroupAnswer): Group | null => {
      if (answer.outcome === "refused") throw new Error(answer.code);
      return answer.group;
    };
    const codeOf = (answer: GroupAnswer) => answer.outcome === "refused" ? answer.code : "done";
    const join = (id: string, user: string, inviteCode: string) =>
      store.change(id, user, { type: "join", inviteCode });

    test("a group is its owner's; made again by the same fan it is the same, by another refused", async () => {
      const group = await made();
      expect(group).toMatchObject({
        id: "g1",
        name: "Büro 4. Stock",
        owner: "ana",
        members: ["ana"],
      });
      expect(await store.get("g1")).toEqual(group);
      expect(await made()).toEqual(group);
      expect(codeOf(await store.create("g1", "mine", "bea"))).toBe("groupExists");
      expect(await store.get("none")).toBeNull();
    });

    test("who has the invitation is let in once, and stands last", async () => {
      const { inviteCode } = await made();
      expect(groupOf(await join("g1", "bea", inviteCode))!.members).toEqual(["ana", "bea"]);
      expect(groupOf(await join("g1", "Bea", inviteCode))!.members).toEqual(["ana", "bea", "Bea"]);
      expect(groupOf(await join("g1", "bea", inviteCode))!.members).toHaveLength(3);
      expect((await store.ofFan("bea")).map(({ id }) => id)).toEqual(["g1"]);
    });

    test("a forged invitation lets nobody in, nor does one to no group", async () => {
      const { inviteCode } = await made();
      expect(codeOf(await join("g1", "bea", `${inviteCode.slice(1)}x`))).toBe("forgedInvite");
      expect(codeOf(await join("g2", "bea", inviteCode))).toBe("forgedInvite");
      expect((await store.get("g1"))!.members).toEqual(["ana"]);
      expect(await store.ofFan("bea")).toEqual([]);
    });

    test("who is not in a group can change nothing of it and learns nothing", async () => {
      await made();
      for (
        const request of [
          { type: "leave" },
          { type: "expel", user: "ana" },
          { type: "handOver", to: "bea" },
          { type: "renewInvite" },
        ] as const
      ) {
        expect(codeOf(await store.change("g1", "bea", request))).toBe("unknownGroup");
        expect(codeOf(await store.change("none", "bea", request))).toBe("unknownGroup");
      }
    });

    test("the owner hands over, expels and renews; a member may not", async () => {
      const { inviteCode } = await made();
      for (const user of ["bea", "cem"]) await join("g1", user, inviteCode);
      expect(codeOf(await store.change("g1", "bea", { type: "expel", user: "cem" }))).toBe(
        "notOwner",
      );
      const left = groupOf(await store.change("g1", "ana", { type: "expel", user: "cem" }))!;
      expect(left.members).toEqual(["ana", "bea"]);
      expect(codeOf(await join("g1", "cem", inviteCode))).toBe("forgedInvite");
      expect(codeOf(await store.change("g1", "ana", { type: "handOver", to: "cem" })))
        .toBe("notMember");
      const handed = groupOf(await store.change("g1", "ana", { type: "handOver", to: "bea" }))!;
      expect(handed.owner).toBe("bea");
      const renewed = groupOf(await store.change("g1", "bea", { type: "renewInvite" }))!;
      expect(renewed.inviteCode).not.toBe(left.inviteCode);
      expect(await store.get("g1")).toEqual(renewed);
    });

    test("where the owner leaves, who has been in longest follows; the last one ends it", async () => {
      const { inviteCode } = await made();
      for (const user of ["zoe", "bea"]) await join("g1", user, inviteCode);
      expect(groupOf(await store.change("g1", "ana", { type: "leave" }))).toBeNull();
      expect(await store.get("g1")).toMatchObject({ owner: "zoe", members: ["zoe", "bea"] });
      for (const user of ["zoe", "bea"]) await store.change("g1", user, { type: "leave" });
      expect(await store.get("g1")).toBeNull();
      expect(await store.ofFan("bea")).toEqual([]);
    });

    test("of many who come at once all are in, each once", async () => {
      const { inviteCode } = await made();
      const fans = Array.from({ length: 12 }, (_, fan) => `fan-${fan}`);
      const answers = await Promise.all(
        [...fans, ...fans].map((fan) => join("g1", fan, inviteCode)),
      );
      expect(new Set(answers.map(codeOf))).toEqual(new Set(["done"]));
      expect([...(await store.get("g1"))!.members].sort()).toEqual(["ana", ...fans].sort());
    });

    test(`a fan is in ${limits.groupsOfFanMax} groups at most`, async () => {
      for (let group = 0; group < limits.groupsOfFanMax; group++) await made(`g${group}`);
      expect(codeOf(await store.create("more", "one more", "ana"))).toBe("tooManyGroups");
      expect(await store.get("more")).toBeNull();
      const { inviteCode } = await made("other", "bea");
      expect(codeOf(await join("other", "ana", inviteCode))).toBe("tooManyGroups");
      expect(await store.ofFan("ana")).toHaveLength(limits.groupsOfFanMax);
    });
  });
}
