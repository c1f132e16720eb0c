/**
 * Share cards over real processes: a goal's is fetched, decoded and compared
 * pixel by pixel with the one that was to be expected; one that is annulled is
 * replaced; a burst is three images; a painter that is killed comes back; and
 * what all that costs a goal on its way to a socket.
 */
import { readdirSync, readFileSync } from "node:fs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  applyAll,
  correction,
  goal,
  MATCH_ID,
  scheduled,
  started,
} from "../actors/match/match.testing.ts";
import type { ProviderFact } from "../actors/match/match_event.ts";
import { CardPainter } from "../assets/cards/card_painter.ts";
import { cardOf } from "../assets/cards/card_view.ts";
import { besideDisk } from "../drills/disk_stall.ts";
import { until } from "../drills/until.ts";
import { signatureHeaders, webhookKey } from "../feed/webhook_signature.ts";
import { Fan } from "../gateway/testing/fan.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import { type Program, programs } from "./main_test_kit.ts";

const SECRET = `whsec_${btoa("a secret of twenty-four ")}`;
/** From the provider's post to the decoded image of the new score. */
const CARD_MS_MAX = 1_000;
/** From the provider's post to both images being there. */
const READY_MS_MAX = 500;
/** But for one: the painter gives way to whatever else runs on the machine. The disk's stalls are not its. */
const READY_GOALS = 5;
const IN_TIME_MIN = 4;
/** A match has two paintings in hand and gets one back after so long. */
const TURN_MS = limits.cardBurstMs;
const { start, folder } = programs();
const data = folder.path("cards-data");

let server: Program;
let address: string;
let painter: CardPainter;
/** All that the provider said of the match so far. */
const told: ProviderFact[] = [];

beforeAll(async () => {
  server = start([], { settings: { GOLAZO_FEED_SECRET_ACME: SECRET, GOLAZO_DATA: data } });
  address = (await server.says(/^listening (\S+)$/))[1]!;
  painter = new CardPainter({ folder: folder.path("reference"), clock: systemClock });
  await painter.ready;
  await tell(scheduled(), started("firstHalf"));
  await fetchCard();
});
afterAll(() => painter.stop());

async function tell(...facts: ProviderFact[]) {
  told.push(...facts);
  const body = JSON.stringify({
    match: MATCH_ID,
    facts: facts.map(({ provider: _, ...fact }) =>
      "target" in fact ? { ...fact, target: { ...fact.target, provider: "acme" } } : fact
    ),
  });
  const headers = signatureHeaders(webhookKey(SECRET), crypto.randomUUID(), Date.now(), body);
  const reply = await fetch(`${address}/api/feed/acme`, { method: "POST", headers, body });
  expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
}

/** As a crawler does: the page, its first og:image, the image. */
async function fetchCard(): Promise<{ pixels: Buffer; width: number; url: string }> {
  const page = await (await fetch(`${address}/m/${MATCH_ID}`)).text();
  const image = /<meta property="og:image" content="([^"]+)">/.exec(page)![1]!;
  const reply = await fetch(image);
  expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "image/png"]);
  const { data, info } = await sharp(new Uint8Array(await reply.arrayBuffer())).raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, url: reply.url };
}

async function expectedPixels(): Promise<Buffer> {
  const { wide } = await painter.paint(cardOf(applyAll(told).view));
  return await sharp(wide).raw().toBuffer();
}

function imagesOf(shape: "wide" | "square"): string[] {
  const isSquare = (name: string) => name.includes(".square.");
  return readdirSync(`${data}/cards`).filter((name) =>
    name.startsWith(MATCH_ID) && name.endsWith(".png") && isSquare(name) === (shape === "square")
  );
}

/** By what Linux knows of every process. */
function painterOf(parent: number): number {
  const isPainter = (pid: string) => {
    try {
      const [, state] = /\) \w (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))!;
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return Number(state) === parent && command.includes("card_process.ts");
    } catch {
      return false;
    }
  };
  return Number(readdirSync("/proc").filter((name) => /^\d+$/.test(name)).find(isPainter));
}

describe("share cards", () => {
  test("show a goal within a second of its post", async () => {
    const before = await fetchCard();
    const began = performance.now();
    await tell(goal("home", 23, { player: { name: "Lionel Messi" } }));
    const { pixels, width, url } = await fetchCard();
    const tookMs = performance.now() - began;
    console.log(`card fetched and decoded ${Math.round(tookMs)} ms after the goal was posted`);
    expect(width).toBe(1200);
    expect(url).not.toBe(before.url);
    expect(pixels.equals(before.pixels)).toBe(false);
    expect(pixels.equals(await expectedPixels())).toBe(true);
    expect(tookMs).toBeLessThan(CARD_MS_MAX);
  });

  test("show what an annulment leaves of it", async () => {
    const goalsCard = await fetchCard();
    const scored = told.find(({ type }) => type === "goal.scored")!;
    await tell(correction("goal.annulled", scored, { reason: "offside" }));
    const { pixels, url } = await fetchCard();
    expect(url).not.toBe(goalsCard.url);
    expect(pixels.equals(await expectedPixels())).toBe(true);
    // Who read the page before still finds its image.
    expect((await fetch(goalsCard.url)).status).toBe(200);
  });

  test("are ready within half a second of a goal, before anybody asks", async () => {
    const [tookMs, stallsMs]: [number[], number[]] = [[], []];
    for (let at = 0; at < READY_GOALS; at++) {
      await pause(systemClock, TURN_MS);
      const before = [...imagesOf("wide"), ...imagesOf("square")];
      const isNew = (name: string) => !before.includes(name);
      const began = performance.now();
      const { done: ms, stallMs } = await besideDisk(folder.path("."), async () => {
        await tell(goal("home", 24, { id: `ready-${at}`, player: { name: `No. ${at}` } }));
        const deadline = began + 5_000;
        while (!(imagesOf("wide").some(isNew) && imagesOf("square").some(isNew))) {
          if (performance.now() > deadline) break;
          await pause(systemClock, 5);
        }
        return performance.now() - began;
      });
      tookMs.push(Math.round(ms));
      stallsMs.push(Math.round(stallMs));
      const [wide] = imagesOf("wide").filter(isNew);
      const lead = await fetch(`${address}/cards/${MATCH_ID}.png`, { redirect: "manual" });
      expect([lead.status, lead.headers.get("location")]).toEqual([302, `/cards/${wide}`]);
    }
    const stalled = `the disk's longest stall meanwhile: ${stallsMs.join(", ")} ms`;
    console.log(`card ready after a goal's post: ${tookMs.join(", ")} ms; ${stalled}`);
    const inTime = tookMs.filter((ms, at) => ms - stallsMs[at]! <= READY_MS_MAX);
    expect(inTime.length, `${tookMs}`).toBeGreaterThanOrEqual(IN_TIME_MIN);
  });

  test("are painted at most three times for fifty updates in a second", async () => {
    const fan = await Fan.enter(Number(new URL(address).port));
    await fan.watch(MATCH_ID);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const before = imagesOf("wide").length;
    const goalsMs: number[] = [];
    const began = performance.now();
    for (let post = 0; post < 10; post++) {
      const seen = fan.all("publication").filter(({ goal }) => goal).length;
      const posted = performance.now();
      const five = [0, 1, 2, 3, 4].map((at) => post * 5 + at);
      await tell(
        ...five.map((at) => goal("away", 25, { id: `burst-${at}`, player: { name: `No. ${at}` } })),
      );
      await until(
        "a goal",
        () => fan.all("publication").filter(({ goal }) => goal).length > seen,
      );
      goalsMs.push(performance.now() - posted);
      await new Promise((resolve) =>
        setTimeout(resolve, Math.max(began + (post + 1) * 95 - performance.now(), 0))
      );
    }
    const burstMs = Math.round(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const { pixels } = await fetchCard();
    const painted = imagesOf("wide").length - before;
    goalsMs.sort((a, b) => a - b);
    const [median, worst] = [goalsMs[5]!, goalsMs.at(-1)!];
    // Its bound is that of `bench latency`, whose matches have their cards painted meanwhile.
    console.log(
      `50 goals in ten posts within ${burstMs} ms: ${painted} images; goal at a socket meanwhile ` +
        `p50 ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`,
    );
    expect(painted).toBeGreaterThanOrEqual(1);
    expect(painted).toBeLessThanOrEqual(3);
    expect(pixels.equals(await expectedPixels())).toBe(true);
    fan.socket.close();
  });

  test("come again when the process that paints is killed", async () => {
    const pid = painterOf(server.pid);
    process.kill(pid, "SIGKILL");
    await tell(goal("home", 30, { player: { name: "Ángel Di María" } }));
    expect((await fetch(`${address}/api/matches/${MATCH_ID}`)).status).toBe(200);
    const reference = await expectedPixels();
    await until("its card", async () => (await fetchCard()).pixels.equals(reference));
  });

  test("are not there for a match that nobody knows", async () => {
    expect((await fetch(`${address}/m/nobody-knows`)).status).toBe(404);
    expect((await fetch(`${address}/cards/nobody-knows.png`)).status).toBe(404);
  });
});
