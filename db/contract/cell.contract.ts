/**
 * What every CellStore keeps, sentence by sentence of its port.
 *
 * Time passes by `elapse`: a simulated clock's step, or a real wait where the
 * store's clock is its own.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CellStore } from "../../actors/ports/cell.ts";
import { payload, textOf } from "./payload.ts";

export interface OpenCell {
  store: CellStore;
  /** How long a short expiry lasts: no shorter than the test may be held up where time is real. */
  expireMs?: number;
  /** Lets at least so much of the store's time pass. */
  elapse(ms: number): Promise<void>;
  /** Empties the store, as a flushed server or a lost disk would. */
  wipe(): Promise<void>;
  close(): Promise<void>;
  reopen?(): Promise<CellStore>;
}

/** Where time is simulated. */
const EXPIRE_MS = 60;

export function describeCellContract(name: string, open: () => Promise<OpenCell>): void {
  describe(`${name} keeps the cell contract`, () => {
    let opened: OpenCell;
    let store: CellStore;
    let expireMs: number;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      expireMs = opened.expireMs ?? EXPIRE_MS;
    });
    afterEach(() => opened.close());

    const text = async (key: string) => {
      const cell = await store.get(key);
      return cell === null ? null : textOf(cell.bytes);
    };

    describe("get and put", () => {
      test("keep bytes and fence", async () => {
        expect(await store.get("snapshot/a")).toBeNull();
        expect(await store.put("snapshot/a", Uint8Array.of(0, 255, 128), { fence: 5 })).toBe("put");
        const cell = await store.get("snapshot/a");
        expect([...cell!.bytes]).toEqual([0, 255, 128]);
        expect(cell!.fence).toBe(5);
        await store.put("snapshot/empty", new Uint8Array());
        expect((await store.get("snapshot/empty"))!.bytes.length).toBe(0);
      });

      test("a fenced put is refused when the stored fence is higher", async () => {
        await store.put("snapshot/a", payload("new"), { fence: 7 });
        expect(await store.put("snapshot/a", payload("stale"), { fence: 6 })).toBe("fenced");
        expect(await text("snapshot/a")).toBe("new");
        expect(await store.put("snapshot/a", payload("same"), { fence: 7 })).toBe("put");
        expect(await store.put("snapshot/a", payload("newer"), { fence: 8 })).toBe("put");
        expect(await text("snapshot/a")).toBe("newer");
      });

      test("a put without a fence goes through and leaves the fence as it was", async () => {
        await store.put("snapshot/a", payload("new"), { fence: 7 });
        expect(await store.put("snapshot/a", payload("plain"))).toBe("put");
        expect(await text("snapshot/a")).toBe("plain");
        expect(await store.put("snapshot/a", payload("stale"), { fence: 6 })).toBe("fenced");
      });

      test("a cell is gone after expireMs, and its fence with it", async () => {
        await store.put("session/a", payload("here"), { expireMs, fence: 9 });
        await store.put("session/b", payload("stays"));
        expect(await text("session/a")).toBe("here");
        await opened.elapse(expireMs + 5);
        expect(await store.get("session/a")).toBeNull();
        expect(await text("session/b")).toBe("stays");
        expect(await store.put("session/a", payload("again"), { fence: 1 })).toBe("put");
      });

      test("a put without expireMs takes the expiry away", async () => {
        await store.put("session/a", payload("short"), { expireMs });
        await store.put("session/a", payload("long"));
        await opened.elapse(expireMs + 5);
        expect(await text("session/a")).toBe("long");
      });

      test("remove takes the cell out", async () => {
        await store.put("snapshot/a", payload("x"));
        await store.remove("snapshot/a");
        await store.remove("snapshot/none");
        expect(await store.get("snapshot/a")).toBeNull();
      });
    });

    describe("count", () => {
      test("adds to a counter that starts at 0", async () => {
        expect(await store.count("limit/a", 1)).toBe(1);
        expect(await store.count("limit/a", 5)).toBe(6);
        expect(await store.count("limit/a", -2)).toBe(4);
        expect(await store.count("limit/a", 0)).toBe(4);
        expect(await store.count("limit/b", 3)).toBe(3);
      });

      test("expires expireMs after its first use, later ones do not prolong it", async () => {
        await store.count("limit/a", 1, expireMs);
        await opened.elapse(expireMs / 2);
        expect(await store.count("limit/a", 1, expireMs)).toBe(2);
        await opened.elapse(expireMs / 2 + 5);
        expect(await store.count("limit/a", 1, expireMs)).toBe(1);
      });

      test("loses no step of many at once", async () => {
        await Promise.all(Array.from({ length: 20 }, () => store.count("limit/a", 1)));
        expect(await store.count("limit/a", 0)).toBe(20);
      });
    });

    describe("lease", () => {
      const token = async (holder: string) => {
        const answer = await store.lease("partition/1", holder, expireMs);
        return answer.outcome === "granted" ? answer.token : answer;
      };

      test("has one holder until it expires", async () => {
        expect(await token("first")).toBeGreaterThan(0);
        expect(await token("second")).toEqual({ outcome: "held", by: "first" });
        expect((await store.lease("partition/2", "second", expireMs)).outcome).toBe("granted");
      });

      test("of many who ask at once one gets it", async () => {
        const answers = await Promise.all(["a", "b", "c", "d"].map((holder) => token(holder)));
        expect(answers.filter((answer) => typeof answer === "number")).toHaveLength(1);
      });

      test("a renewal keeps the token and prolongs the lease", async () => {
        const granted = await token("first");
        await opened.elapse(expireMs / 2);
        expect(await token("first")).toBe(granted);
        await opened.elapse(expireMs / 2 + 5);
        expect(await token("second")).toEqual({ outcome: "held", by: "first" });
      });

      test("a takeover after expiry has a higher token, and the old holder waits", async () => {
        const first = await token("first");
        await opened.elapse(expireMs + 5);
        const second = await token("second");
        expect(second).toBeGreaterThan(first as number);
        expect(await token("first")).toEqual({ outcome: "held", by: "second" });
      });

      test("the same holder after expiry is granted anew, with a higher token", async () => {
        const first = await token("first");
        await opened.elapse(expireMs + 5);
        expect(await token("first")).toBeGreaterThan(first as number);
      });

      test("release frees it for a higher token, and only its holder can", async () => {
        const first = await token("first");
        await store.release("partition/1", "second");
        expect(await token("second")).toEqual({ outcome: "held", by: "first" });
        await store.release("partition/1", "first");
        await store.release("partition/none", "first");
        const second = await token("second");
        expect(second).toBeGreaterThan(first as number);
        await store.release("partition/1", "first");
        expect(await token("first")).toEqual({ outcome: "held", by: "second" });
      });

      test("tokens rise within one millisecond too", async () => {
        const tokens: number[] = [];
        for (let turn = 0; turn < 5; turn++) {
          tokens.push(await token("first") as number);
          await store.release("partition/1", "first");
        }
        expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
      });

      test("a store that was emptied still gives a higher token", async () => {
        const first = await token("first");
        await opened.wipe();
        await opened.elapse(5);
        expect(await token("second")).toBeGreaterThan(first as number);
      });
    });

    describe("attend", () => {
      test("answers who is present, sorted, each roll by itself", async () => {
        expect(await store.attend("roll/a", "second", 1_000)).toEqual(["second"]);
        expect(await store.attend("roll/a", "first", 1_000)).toEqual(["first", "second"]);
        expect(await store.attend("roll/b", "third", 1_000)).toEqual(["third"]);
        expect(await store.attend("roll/a", "first", 1_000)).toEqual(["first", "second"]);
      });

      test("who stays away is gone after its time, not before", async () => {
        await store.attend("roll/a", "away", 300);
        await store.attend("roll/a", "here", 60_000);
        await opened.elapse(100);
        expect(await store.attend("roll/a", "here", 60_000)).toEqual(["away", "here"]);
        await opened.elapse(300);
        expect(await store.attend("roll/a", "here", 60_000)).toEqual(["here"]);
      });

      test("many at once each have an answer of their own, in the order that they asked", async () => {
        const members = Array.from({ length: 40 }, (_, at) => `["é\\n/${at}"]`);
        const answers = await Promise.all([
          ...members.map((member) => store.attend("roll/a", member, 60_000)),
          ...members.map((member, at) => store.attend(`roll/${at}`, member, 60_000)),
        ]);
        for (const [at, present] of answers.entries()) {
          const those = at < 40 ? members.slice(0, at + 1).sort() : [members[at - 40]];
          expect(present).toEqual(those);
        }
      });

      test("depart takes one off, harmless twice", async () => {
        await store.attend("roll/a", "first", 1_000);
        await store.attend("roll/a", "second", 1_000);
        await store.depart("roll/a", "first");
        await store.depart("roll/a", "first");
        expect(await store.attend("roll/a", "second", 1_000)).toEqual(["second"]);
      });
    });

    test("everything is there after closing and opening again", async (context) => {
      if (opened.reopen === undefined) return context.skip();
      await store.put("snapshot/a", payload("kept"), { fence: 3 });
      await store.count("limit/a", 2);
      const granted = await store.lease("partition/1", "first", 60_000);
      store = await opened.reopen();
      expect(await text("snapshot/a")).toBe("kept");
      expect(await store.put("snapshot/a", payload("stale"), { fence: 2 })).toBe("fenced");
      expect(await store.count("limit/a", 1)).toBe(3);
      expect(await store.lease("partition/1", "second", 60_000)).toEqual({
        outcome: "held",
        by: "first",
      });
      expect(await store.lease("partition/1", "first", 60_000)).toEqual(granted);
    });
  });
}
