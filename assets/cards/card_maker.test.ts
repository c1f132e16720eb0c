import { describe, expect, test } from "vitest";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { limits } from "../../runtime/limits.ts";
import { CardMaker } from "./card_maker.ts";
import { keyOf } from "./card_name.ts";
import type { PaintedCard } from "./card_painter.ts";
import type { CardView } from "./card_view.ts";

const PAINTING_MS = 100;
const STEP_MS = 20;

/** Lets queues and promises between two timers run to their end. */
async function pass(clock: SimulatedClock, ms: number): Promise<void> {
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  await settled();
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await clock.advance(Math.min(STEP_MS, ms - passed));
    await settled();
  }
}

/** A match whose score is told, and everything around it. */
function bench() {
  const clock = new SimulatedClock();
  const painted: { matchId: string; score: number; at: number }[] = [];
  const shelf = new Map<string, string>();
  const warned: string[] = [];
  const state = { score: 0, isAway: false, fails: 0 };
  const painter = {
    async paint({ matchId, home }: CardView): Promise<PaintedCard> {
      await new Promise<void>((resolve) => void clock.after(PAINTING_MS, resolve));
      if (state.fails > 0) {
        state.fails -= 1;
        throw new Error("out of paint");
      }
      painted.push({ matchId, score: home.score!, at: clock.now() });
      return { wide: new Uint8Array(), square: new Uint8Array() };
    },
  };
  const maker = new CardMaker({
    clock,
    events: { warned: (text) => void warned.push(text) },
    read: (matchId) =>
      Promise.resolve(
        matchId === "unknown" ? null : { matchId, home: { score: state.score } } as CardView,
      ),
    painter: () => state.isAway ? null : painter,
    shelf: {
      current: (matchId) => {
        const key = shelf.get(matchId);
        return Promise.resolve(
          key === undefined ? null : { key, files: { wide: "", square: "" } },
        );
      },
      put(matchId, key) {
        shelf.set(matchId, key);
        return Promise.resolve({ key, files: { wide: "", square: "" } });
      },
      sweep: () => Promise.resolve(),
    },
  });
  return { clock, maker, painted, shelf, warned, state };
}

describe("CardMaker", () => {
  test("paints a goal at once", async () => {
    const { clock, maker, painted, state } = bench();
    state.score = 1;
    const before = clock.now();
    maker.changed("arg-fra");
    await pass(clock, PAINTING_MS);
    expect(painted).toEqual([{ matchId: "arg-fra", score: 1, at: before + PAINTING_MS }]);
  });

  test("paints fifty updates of a second at most three times, the last one with them", async () => {
    const { clock, maker, painted, shelf, state } = bench();
    for (let update = 1; update <= 50; update++) {
      state.score = update;
      maker.changed("arg-fra");
      await pass(clock, 20);
    }
    await pass(clock, 10_000);
    expect(painted.length).toBeLessThanOrEqual(3);
    expect(painted.at(-1)!.score).toBe(50);
    expect(shelf.get("arg-fra"))
      .toBe(keyOf({ matchId: "arg-fra", home: { score: 50 } } as CardView));
  });

  test("paints a goal at once again when the burst is over", async () => {
    const { clock, maker, painted, state } = bench();
    for (state.score = 1; state.score < 20; state.score++) {
      maker.changed("arg-fra");
      await pass(clock, 20);
    }
    await pass(clock, 10_000);
    painted.length = 0;
    state.score = 99;
    maker.changed("arg-fra");
    await pass(clock, PAINTING_MS);
    expect(painted.map(({ score }) => score)).toEqual([99]);
  });

  test("paints nothing for what a card does not show, nor for no match", async () => {
    const { clock, maker, painted } = bench();
    for (let nudge = 0; nudge < 5; nudge++) {
      maker.changed("arg-fra");
      maker.changed("unknown");
      await pass(clock, 5_000);
    }
    expect(painted).toHaveLength(1);
  });

  test("does not let one match's burst wait for the others", async () => {
    const { clock, maker, painted, state } = bench();
    for (let update = 1; update <= 10; update++) {
      state.score = update;
      maker.changed("arg-fra");
      await pass(clock, 20);
    }
    maker.changed("cro-mar");
    await pass(clock, 3 * PAINTING_MS);
    expect(painted.some(({ matchId }) => matchId === "cro-mar")).toBe(true);
  });

  test("tries a failed one again, then leaves it and says so", async () => {
    const { clock, maker, painted, warned, state } = bench();
    state.fails = 2;
    maker.changed("arg-fra");
    await pass(clock, 10_000);
    expect([painted.length, warned.length]).toEqual([1, 0]);
    state.fails = Number.POSITIVE_INFINITY;
    state.score = 7;
    maker.changed("arg-fra");
    await pass(clock, 60_000);
    expect(warned).toEqual(["Cannot make the share card of arg-fra: out of paint"]);
  });

  test("makes up for what it missed while there was no painter", async () => {
    const { clock, maker, painted, state } = bench();
    state.isAway = true;
    maker.changed("arg-fra");
    await pass(clock, 5_000);
    expect(painted).toEqual([]);
    state.isAway = false;
    maker.painterCame();
    await pass(clock, PAINTING_MS);
    expect(painted).toHaveLength(1);
  });

  test("holds no more matches than it may", async () => {
    const { clock, maker, painted } = bench();
    for (let at = 0; at < 2 * limits.cardsWaitingMax; at++) maker.changed(`m-${at}`);
    await pass(clock, PAINTING_MS * 1.2 * limits.cardsWaitingMax);
    expect(painted.length).toBeLessThanOrEqual(limits.cardsWaitingMax + 1);
  });
});
