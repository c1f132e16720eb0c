import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import type { CellStore } from "../../actors/ports/cell.ts";
import { temporaryFolder } from "../../db/embedded/temporary_folder.ts";
import type { HttpRequest } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { parseCardName } from "./card_name.ts";
import { cardRoutes } from "./card_routes.ts";
import { CardShelf, shelvedCard } from "./card_shelf.ts";

const temporary = temporaryFolder();
afterAll(() => temporary.remove());
const bytes = (text: string) => new TextEncoder().encode(text);
const painted = (text: string) => ({
  wide: bytes(`wide ${text}`),
  square: bytes(`square ${text}`),
});
let folders = 0;

/** So often that whoever looks for a card has given up. */
async function look(clock: SimulatedClock): Promise<void> {
  const rounds = limits.cardWaitMsMax / limits.cardLookMs + 2;
  for (let round = 0; round < rounds; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(limits.cardLookMs);
  }
}

function bench() {
  const stored = new Map<string, Uint8Array>();
  const cells = {
    get: (key: string) =>
      Promise.resolve(stored.has(key) ? { bytes: stored.get(key)!, fence: 0 } : null),
    put(key: string, bytes: Uint8Array) {
      stored.set(key, bytes);
      return Promise.resolve("put" as const);
    },
  } as CellStore;
  const folder = temporary.path(`cards-${folders += 1}`);
  mkdirSync(folder);
  // Files have the system's time.
  const clock = new SimulatedClock(Date.now());
  return { cells, folder, clock, shelf: new CardShelf({ folder, cells, clock }) };
}

describe("CardShelf", () => {
  test("keeps a replaced image ten minutes from its replacement, and no longer", async () => {
    const { shelf, clock, folder } = bench();
    const first = await shelf.put("arg-fra", "k1", painted("1-0"));
    await clock.advance(limits.cardReplacedMs * 2);
    await shelf.sweep();
    expect((await shelf.current("arg-fra"))?.key).toBe("k1");
    await shelf.put("arg-fra", "k2", painted("2-0"));
    await clock.advance(limits.cardReplacedMs - 1_000);
    await shelf.sweep();
    expect(readdirSync(folder)).toContain(first.files.wide);
    await clock.advance(2_000);
    await shelf.sweep();
    const { files } = (await shelf.current("arg-fra"))!;
    expect(readdirSync(folder).sort()).toEqual(Object.values(files).sort());
  });

  test("knows no card whose images are gone", async () => {
    const { cells, clock, shelf } = bench();
    await shelf.put("arg-fra", "k1", painted("1-0"));
    const elsewhere = new CardShelf({ cells, clock, folder: temporary.path("nowhere") });
    expect(await elsewhere.current("arg-fra")).toBeNull();
  });

  test("removes what a killed process was writing", async () => {
    const { shelf, clock, folder } = bench();
    writeFileSync(`${folder}/arg-fra.aaaaaaaaaaaa.png.aside`, "half");
    writeFileSync(`${folder}/somebody else's`, "");
    await clock.advance(limits.cardReplacedMs + 1_000);
    await shelf.sweep();
    expect(readdirSync(folder)).toEqual(["somebody else's"]);
  });
});

describe("parseCardName", () => {
  test("takes names of cards apart and no other names", () => {
    expect(parseCardName("a-square.png")).toEqual({
      ...{ matchId: "a-square", shape: "wide", hash: null },
    });
    expect(parseCardName("a.square.abcdefgh2345.png"))
      .toEqual({ matchId: "a", shape: "square", hash: "abcdefgh2345" });
    for (const name of ["../a.png", "a.png/..", "A.png", "a.jpg", ".png", "a.aside", "a..png"]) {
      expect(parseCardName(name)).toBeNull();
    }
  });
});

describe("cardRoutes", () => {
  function routes() {
    const made = bench();
    const state = { key: "k1" as string | null, wanted: [] as string[] };
    const [route] = cardRoutes({
      ...made,
      shelved: (matchId) => shelvedCard(made.cells, matchId),
      keyOf: () => Promise.resolve(state.key),
      want: (matchId) => void state.wanted.push(matchId),
    });
    const ask = async (name: string) => {
      const { status, headers, body } = await route!.answer(
        { params: { name } } as never as HttpRequest,
      );
      return { status, headers: headers ?? {}, body };
    };
    return { ...made, state, ask };
  }

  test("lead to the image of now, which never changes", async () => {
    const { shelf, ask, state } = routes();
    const { files } = await shelf.put("arg-fra", "k1", painted("1-0"));
    const { status, headers } = await ask("arg-fra.square.png");
    expect([status, headers.location]).toEqual([302, `/cards/${files.square}`]);
    expect(headers["cache-control"]).toContain("s-maxage=1");
    expect(state.wanted).toEqual([]);
    const image = await ask(files.square);
    expect([image.status, image.headers["content-type"]]).toEqual([200, "image/png"]);
    expect(image.headers["cache-control"]).toContain("immutable");
    expect(String(new TextDecoder().decode(image.body as Uint8Array))).toBe("square 1-0");
  });

  test("wait for the card of now, asking for it", async () => {
    const { shelf, ask, clock, state } = routes();
    await shelf.put("arg-fra", "k1", painted("1-0"));
    state.key = "k2";
    const asked = ask("arg-fra.png");
    await clock.advance(200);
    const { files } = await shelf.put("arg-fra", "k2", painted("2-0"));
    await clock.advance(limits.cardWaitMsMax);
    expect((await asked).headers.location).toBe(`/cards/${files.wide}`);
    expect(state.wanted).toEqual(["arg-fra"]);
  });

  test("lead to the card of before where the new one does not come, and to none at first", async () => {
    const { shelf, ask, clock, state } = routes();
    const never = ask("arg-fra.png");
    await look(clock);
    expect([(await never).status, (await never).headers["retry-after"]]).toEqual([503, "1"]);
    const { files } = await shelf.put("arg-fra", "k1", painted("1-0"));
    state.key = "k2";
    const late = ask("arg-fra.png");
    await look(clock);
    expect((await late).headers.location).toBe(`/cards/${files.wide}`);
  });

  test("refuse what is no card, no match's and no file", async () => {
    const { ask, state, folder } = routes();
    state.key = null;
    symlinkSync("/etc/hostname", `${folder}/arg-fra.aaaaaaaaaaaa.png`);
    for (
      const name of [
        "arg-fra.png",
        "../hot.db",
        "fonts",
        "arg-fra.aaaaaaaaaaaa.png",
        "x.bbbbbbbbbbbb.png",
      ]
    ) {
      expect((await ask(name)).status).toBe(404);
    }
  });
});
