import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goal } from "../actors/match/match.testing.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { SqliteStream } from "../db/embedded/sqlite_stream.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { limits } from "../runtime/limits.ts";
import { seededRandom } from "../runtime/random.ts";
import { DeadLetters } from "./dead_letters.ts";

let file: SqliteFile;
let stream: SqliteStream;
let letters: DeadLetters;
let heard: string[];
beforeEach(() => {
  file = new SqliteFile(":memory:", { synchronous: "off" });
  stream = new SqliteStream(file, new MemoryBroker(silentEvents), seededRandom(1));
  heard = [];
  const events: BusinessEvents = Object.assign(
    Object.create(silentEvents),
    {
      deadLetterKept: (id, actor, reason) => heard.push(`${id} ${actor} ${reason}`),
      warned: (message) => heard.push(message),
    } satisfies Partial<BusinessEvents>,
  );
  letters = new DeadLetters(stream, events);
});
afterEach(() => file.close());

const letter = (minute: number) => ({
  match: "a",
  delivery: { fact: goal("home", minute), intake: minute, receivedAt: 7, trace: "00-trace" },
  reason: "the machine threw",
  keptAt: 1_000 + minute,
});

describe("DeadLetters", () => {
  test("keeps a delivery whole, tells of it and lists the newest first", async () => {
    await letters.keep(letter(1));
    await letters.keep(letter(2));
    expect(await letters.list()).toEqual([
      { id: "2", ...letter(2) },
      { id: "1", ...letter(1) },
    ]);
    expect(heard).toEqual(["1 match/a the machine threw", "2 match/a the machine threw"]);
  });

  test("finds one by its id, and none by any other", async () => {
    await letters.keep(letter(1));
    expect(await letters.get("1")).toEqual({ id: "1", ...letter(1) });
    for (const id of ["2", "", "x", "-1", "1.5"]) expect(await letters.get(id)).toBeNull();
  });

  test("discards one and leaves the others", async () => {
    await letters.keep(letter(1));
    await letters.keep(letter(2));
    await letters.discard("1");
    await letters.discard("nonsense");
    expect((await letters.list()).map(({ id }) => id)).toEqual(["2"]);
  });

  test("past the limit the oldest goes, with a warning that names it and the remedy", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(letter(1)));
    await stream.push("dead-letters", Array.from({ length: limits.deadLettersMax }, () => bytes));
    expect(heard).toEqual([]);
    await letters.keep(letter(2));
    const kept = await letters.list();
    expect(kept).toHaveLength(limits.deadLettersMax);
    expect(kept.at(-1)!.id).toBe("2");
    expect(heard[1]).toMatch(/^Dead letter 1 is forgotten as more than 10000 .*dead-letters$/);
  });

  test("counts what waits, not what ever came", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(letter(1)));
    await letters.keep(letter(1));
    const came = await stream.push(
      "dead-letters",
      Array.from({ length: limits.deadLettersMax + 5 }, () => bytes),
    );
    await stream.remove("dead-letters", came);
    await letters.keep(letter(2));
    expect((await letters.list()).map(({ id }) => id)).toEqual([`${came.at(-1)! + 1}`, "1"]);
  });
});
