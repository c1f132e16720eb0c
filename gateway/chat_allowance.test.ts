import { beforeEach, describe, expect, test } from "vitest";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { limits } from "../runtime/limits.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { ChatAllowance } from "./chat_allowance.ts";

/** The store of all gateways; it can go silent, or refuse. */
class Store {
  readonly clock = new SimulatedClock(1_671_375_600_000);
  readonly #cells = new SqliteCell(new SqliteFile(":memory:", { synchronous: "off" }), this.clock);
  mood: "there" | "silent" | "refusing" = "there";
  asked = 0;

  count(key: string, by: number, expireMs?: number): Promise<number> {
    this.asked += 1;
    if (this.mood === "silent") return new Promise(() => {});
    if (this.mood === "refusing") return Promise.reject(new Error("away"));
    return this.#cells.count(key, by, expireMs);
  }
}

let store: Store;
let here: ChatAllowance;
beforeEach(() => {
  store = new Store();
  here = new ChatAllowance(store, store.clock);
});
const most = limits.chatPostsOfUserMax;

describe("ChatAllowance.take", () => {
  test("is one allowance over all gateways, and says honestly when there is more", async () => {
    const there = new ChatAllowance(store, store.clock);
    for (let post = 0; post < most; post++) {
      const gateway = post % 2 === 0 ? here : there;
      expect(await gateway.take("ana", "post")).toBeNull();
    }
    const refusal = await there.take("ana", "post");
    expect(refusal).toMatchObject({ code: "tooMany" });
    expect(await here.take("bo", "post")).toBeNull();
    expect(await here.take("ana", "react")).toBeNull();
    await store.clock.advance(refusal!.retryAfterMs - 1);
    expect(await there.take("ana", "post")).not.toBeNull();
    await store.clock.advance(1);
    expect(await there.take("ana", "post")).toBeNull();
  });

  test("asks nobody about who is over the bound already here", async () => {
    for (let post = 0; post < most; post++) await here.take("ana", "post");
    const { asked } = store;
    expect(await here.take("ana", "post")).toMatchObject({ code: "tooMany" });
    expect(store.asked).toBe(asked);
  });

  test.each(["silent", "refusing"] as const)(
    "a store that is %s for a second closes chat until it is back",
    async (mood) => {
      store.mood = mood;
      const first = here.take("ana", "post");
      if (mood === "refusing") {
        // The memory stands in meanwhile.
        expect(await first).toBeNull();
        await store.clock.advance(limits.chatStoreSilentMsMax - 1);
        expect(await here.take("bo", "post")).toBeNull();
        await store.clock.advance(1);
      } else {
        await store.clock.advance(limits.chatStoreSilentMsMax);
        expect(await first).toMatchObject({ code: "storeAway" });
      }
      const refusal = await here.take("cy", "post");
      expect(refusal).toMatchObject({ code: "storeAway", retryAfterMs: limits.busyRetryMs });
      store.mood = "there";
      await store.clock.advance(limits.chatStoreSilentMsMax);
      // Whoever asks now is refused, and finds out for the next.
      await here.take("cy", "post");
      await store.clock.advance(1);
      expect(await here.take("cy", "post")).toBeNull();
    },
  );
});

test("ChatAllowance.takeFrom bounds one socket, whoever is on it", async () => {
  for (let frame = 0; frame < limits.chatFramesBurstMax; frame++) {
    expect(here.takeFrom("s1")).toBeNull();
  }
  const { retryAfterMs } = here.takeFrom("s1")!;
  expect(here.takeFrom("s2")).toBeNull();
  await store.clock.advance(retryAfterMs);
  expect(here.takeFrom("s1")).toBeNull();
});

test("a wait that was told here is over when it says so", async () => {
  await store.clock.advance(1_234);
  for (let post = 0; post < most; post++) await here.take("ana", "post");
  const { retryAfterMs } = (await here.take("ana", "post"))!;
  await store.clock.advance(retryAfterMs);
  expect(await here.take("ana", "post")).toBeNull();
});
