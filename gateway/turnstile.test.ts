import { expect, test } from "vitest";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { Turnstile } from "./turnstile.ts";

const GROUP_MS = 20;

function opened() {
  const clock = new SimulatedClock();
  const turnstile = new Turnstile({ clock, groupMs: GROUP_MS, crowd: 3 });
  const gone: number[] = [];
  /** How many went on at once. */
  const come = (...names: number[]) =>
    names.filter((name) => {
      const wait = turnstile.pass();
      if (wait === null) gone.push(name);
      else void wait.then(() => gone.push(name));
      return wait === null;
    }).length;
  return { clock, gone, come };
}

test("who comes with few others does not wait, however long that goes on", async () => {
  const { clock, come } = opened();
  for (let moment = 0; moment < 5; moment++) {
    expect(come(1, 2)).toBe(2);
    await clock.advance(GROUP_MS);
  }
});

test("once a crowd came those of a moment go on together, in their order", async () => {
  const { clock, gone, come } = opened();
  expect(come(1, 2, 3)).toBe(3);
  await clock.advance(GROUP_MS);
  expect(come(4, 5)).toBe(0);
  await clock.advance(GROUP_MS / 2);
  expect(come(6)).toBe(0);
  expect(gone).toEqual([1, 2, 3]);
  await clock.advance(GROUP_MS / 2);
  expect(gone).toEqual([1, 2, 3, 4, 5, 6]);
  await clock.advance(GROUP_MS);
  expect(come(7)).toBe(1);
});
