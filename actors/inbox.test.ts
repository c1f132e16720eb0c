import { describe, expect, test } from "vitest";
import { Inbox } from "./inbox.ts";

/** Whether the promise is settled already. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  promise.then(() => (over = true));
  await Promise.resolve();
  await Promise.resolve();
  return over;
}

describe("Inbox", () => {
  test("takes the oldest first, at most as many as asked", () => {
    const inbox = new Inbox<number>(10);
    for (const delivery of [1, 2, 3]) expect(inbox.offer(delivery)).toBe("accepted");
    expect(inbox.take(2)).toEqual([1, 2]);
    expect(inbox.size).toBe(1);
    expect(inbox.take(2)).toEqual([3]);
    expect(inbox.take(2)).toEqual([]);
  });

  test("says full at its bound and takes again once there is room", () => {
    const inbox = new Inbox<number>(2);
    expect([1, 2, 3].map((delivery) => inbox.offer(delivery))).toEqual([
      "accepted",
      "accepted",
      "full",
    ]);
    inbox.take(1);
    expect(inbox.offer(3)).toBe("accepted");
    expect(inbox.take(9)).toEqual([2, 3]);
  });

  test("putBack puts deliveries in front, in their order, past the bound too", () => {
    const inbox = new Inbox<number>(3);
    for (const delivery of [1, 2, 3]) inbox.offer(delivery);
    const [, ...rest] = inbox.take(2);
    inbox.offer(4);
    inbox.putBack(rest);
    expect(inbox.take(9)).toEqual([2, 3, 4]);
  });

  test("wait resolves at once where something waits, else at the next offer or nudge", async () => {
    const inbox = new Inbox<number>(3);
    const first = inbox.wait();
    expect(await isOver(first)).toBe(false);
    inbox.offer(1);
    expect(await isOver(first)).toBe(true);
    expect(await isOver(inbox.wait())).toBe(true);
    inbox.take(1);
    const second = inbox.wait();
    expect(await isOver(second)).toBe(false);
    inbox.nudge();
    expect(await isOver(second)).toBe(true);
  });

  test("a nudge that comes while nobody waits is not lost, and wakes once", async () => {
    const inbox = new Inbox<number>(3);
    inbox.nudge();
    expect(await isOver(inbox.wait())).toBe(true);
    expect(await isOver(inbox.wait())).toBe(false);
  });
});
