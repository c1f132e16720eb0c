import { expect, test } from "vitest";
import type { Boards } from "../actors/ports/boards.ts";
import { Failure } from "../runtime/failure.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { BoardRebuilds } from "./board_rebuilds.ts";
import { settled } from "./boards_test_kit.ts";

type Outcome = Awaited<ReturnType<Boards["rebuild"]>>;

function open(rebuild: (shard: string, tries: number) => Promise<Outcome>) {
  const clock = new SimulatedClock();
  const asked: string[] = [];
  const boards = {
    rebuild(shard: string) {
      asked.push(shard);
      return rebuild(shard, asked.filter((one) => one === shard).length);
    },
  } as Boards;
  return { clock, asked, rebuilds: new BoardRebuilds({ boards, clock }) };
}
const done = () => Promise.resolve<Outcome>({ outcome: "done" });

test("rebuilds a board shard by shard, and says how far it is", async () => {
  const { rebuilds, asked } = open(done);
  expect(rebuilds.state("global")).toBeNull();
  expect(rebuilds.begin("global")).toMatchObject({ state: "rebuilding", of: 4 });
  await settled();
  expect(rebuilds.state("global")).toEqual({ board: "global", state: "done", done: 4, of: 4 });
  expect(asked).toEqual(["global.0", "global.1", "global.2", "global.3"]);
});

test("there is one at a time of a board, and none of a board that cannot be", () => {
  const { rebuilds, asked } = open(() => new Promise(() => {}));
  expect(rebuilds.begin("global")).toBe(rebuilds.begin("global"));
  expect(asked).toEqual(["global.0"]);
  expect(rebuilds.begin("No Board")).toBeNull();
});

test("a shard that is busy or away is asked again; what does not pass is told", async () => {
  const away = () => Promise.reject(new Failure("ownerUnavailable", "nobody", { retryable: true }));
  const { rebuilds, clock } = open((_shard, tries) =>
    tries === 1
      ? away()
      : tries === 2
      ? Promise.resolve({ outcome: "refused", state: "rebuilding" })
      : done()
  );
  rebuilds.begin("m-1");
  for (let step = 0; step < 10; step++) {
    await settled();
    await clock.advance(1_000);
  }
  expect(rebuilds.state("m-1")).toMatchObject({ state: "done", done: 2 });
  const wrong = open(() => Promise.reject(new Failure("pointsOutOfRange", "ana has too many")));
  wrong.rebuilds.begin("m-1");
  await settled();
  expect(wrong.rebuilds.state("m-1")).toMatchObject({
    ...{ state: "failed", done: 0, reason: "ana has too many" },
  });
});
