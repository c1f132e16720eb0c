import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { scheduled } from "../actors/match/match.testing.ts";
import type { FactOf } from "../actors/match/match_event.ts";
import { MarketPages } from "../channels/market_pages.ts";
import { type MatchStage, matchStage } from "../channels/match_test_kit.ts";
import { type TemporarySql, temporarySql } from "../db/sql/temporary_sql.ts";
import { PredictionStore } from "../db/sql/prediction_store.ts";
import type { VerifyToken } from "../gateway/auth/pass.ts";
import { predictionRoutes } from "../gateway/http/prediction_routes.ts";
import { PredictableMatches } from "../gateway/predictable_matches.ts";
import { PredictionBatches } from "../gateway/prediction_batches.ts";
import { type AskedPrediction, PredictionDesk } from "../gateway/prediction_desk.ts";
import { Fan } from "../gateway/testing/fan.ts";
import { openTestGateway, type TestGateway } from "../gateway/testing/test_gateway.ts";
import { until } from "../gateway/testing/until.ts";
import { systemClock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";

const OPEN = "arg-fra";
const LEAGUE = "ars-che";
const LOCKED = "bra-cro";
/** For SQL it is locked, for the gateway only just. */
const JUST_LOCKED = "esp-ger";
const players = [{ id: "p-10", name: "Lionel Messi", starting: true }];
const lineup = (): FactOf<"lineup.published"> => ({
  ...{ type: "lineup.published", provider: "feed", id: "lineup", revision: 1, occurredAt: 1 },
  ...{ side: "home", players },
});

let stage: MatchStage;
let sql: TemporarySql;
let store: PredictionStore;
let batches: PredictionBatches;
let opened: TestGateway;
beforeEach(async () => {
  [stage, sql] = [matchStage(), await temporarySql()];
  store = new PredictionStore(sql.sql);
  const kickoffAt = systemClock.now() + 3_600_000;
  await schedule(OPEN, kickoffAt);
  await schedule(LEAGUE, kickoffAt, "league");
  await schedule(LOCKED, 1_000);
  await schedule(JUST_LOCKED, stage.clock.now() - limits.predictionLateAskMs + 1);
  batches = new PredictionBatches(store, systemClock);
  const matches = new PredictableMatches(stage.reader, stage.clock);
  const desk = new PredictionDesk({ matches, batches, clock: stage.clock });
  const pages = new MarketPages({ ...stage });
  // A token is whom it names.
  const verifyToken: VerifyToken = (token) =>
    Promise.resolve(
      token === "stale"
        ? { refused: "expired" }
        : { subject: token, role: token === "machine" ? "feeder" : "fan" },
    );
  opened = await openTestGateway({
    verifyToken,
    desks: { predict: desk.command },
    routes: predictionRoutes({
      ...{ desk, predictions: store, verifyToken },
      marketPage: (id) => pages.page(id),
    }),
  });
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  await batches.stop();
  await sql.close();
  stage.close();
});

async function schedule(match: string, kickoffAt: number, kind: "cup" | "league" = "cup") {
  await stage.tell([scheduled({ kickoffAt, format: { kind } }), lineup()], match);
  await sql.sql.kysely.insertInto("fixture").values({
    ...{ match_id: match, competition: "", stage: "", home: "{}", away: "{}", format: "{}" },
    ...{ status: "scheduled", kickoff_at: kickoffAt, lock_at: kickoffAt, updated_seq: 1 },
  }).execute();
}
async function lockAt(match: string, at: number) {
  await sql.sql.kysely.updateTable("fixture").set({ lock_at: at })
    .where("match_id", "=", match).execute();
}
const rows = () => sql.sql.kysely.selectFrom("prediction").selectAll().execute();
const ask = (changes: Partial<AskedPrediction> = {}): AskedPrediction => ({
  ...{ clientId: "c1", match: OPEN, market: "finalScore", pick: "2-1" },
  ...changes,
});
const http = (path: string, user?: string, body?: unknown) =>
  fetch(`http://127.0.0.1:${opened.port}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: user === undefined ? {} : { authorization: `Bearer ${user}` },
    body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
  });
async function byHttp(user: string, ...predictions: AskedPrediction[]) {
  const reply = await http("/api/predictions", user, { predictions });
  expect(reply.status).toBe(200);
  return (await reply.json()).results as { outcome: string; code?: string; reason?: string }[];
}
async function bySocket(user: string, prediction: AskedPrediction) {
  const fan = await Fan.enter(opened.port, { token: user });
  fan.send({ predict: { id: 7, ...prediction } });
  const reply = await until(() => fan.all("reply")[0], "a reply");
  fan.socket.close();
  return reply;
}

describe("predictions by socket and HTTP", () => {
  test("are taken once committed, and shown to who made them", async () => {
    expect(await bySocket("ada", ask())).toMatchObject({ id: 7, code: "ok" });
    expect(await byHttp("ada", ask(), ask({ clientId: "c2", market: "matchWinner", pick: "draw" })))
      .toEqual([{ clientId: "c1", outcome: "unchanged" }, { clientId: "c2", outcome: "taken" }]);
    expect(await rows()).toHaveLength(2);
    const own = await http(`/api/matches/${OPEN}/predictions`, "ada");
    expect(own.headers.get("cache-control")).toBe("no-store");
    expect((await own.json()).predictions).toMatchObject([
      { clientId: "c1", market: "finalScore", pick: "2-1", acceptedAt: expect.any(Number) },
      { clientId: "c2", market: "matchWinner", pick: "draw" },
    ]);
    const others = await http(`/api/matches/${OPEN}/predictions`, "bob");
    expect(await others.json()).toEqual({ predictions: [] });
  });

  test.each<[string, Partial<AskedPrediction>, string]>([
    ["a score of -1", { pick: "-1-0" }, "badPick"],
    ["99-0", { pick: "99-0" }, "badPick"],
    ["an unknown player", { market: "firstScorer", pick: "p-99" }, "unknownPlayer"],
    [
      "a market of another match",
      { match: LEAGUE, market: "toQualify", pick: "home" },
      "unknownMarket",
    ],
    ["a prediction after the lock", { match: LOCKED }, "locked"],
    ["a prediction at the lock", { match: JUST_LOCKED }, "locked"],
    ["a match that nobody scheduled", { match: "nobody" }, "unknownMatch"],
    ["a match that has no name", { match: "../etc" }, "unknownMatch"],
    ["no id", { clientId: "" }, "badClientId"],
    ["somebody else's prediction", { clientId: "of-bob" }, "notYours"],
    ["an id for another market", { clientId: "of-ada" }, "unknownMarket"],
  ])("%s is refused by both, and leaves no row", async (_, changes, code) => {
    await store.take([
      { ...ask({ clientId: "of-bob" }), user: "bob" },
      { ...ask({ clientId: "of-ada", market: "matchWinner", pick: "home" }), user: "ada" },
    ]);
    const before = await rows();
    const reply = await bySocket("ada", ask(changes));
    expect(reply).toMatchObject({ code, reason: expect.stringMatching(/\w+/) });
    const [result] = await byHttp("ada", ask(changes));
    expect(result).toMatchObject({ outcome: "rejected", code, reason: reply.reason });
    expect(await rows()).toEqual(before);
  });

  test("who lost the answer is told after the lock that it was taken", async () => {
    const late = ask({ match: JUST_LOCKED });
    await lockAt(JUST_LOCKED, systemClock.now() + 3_600_000);
    await store.take([{ ...late, user: "ada" }]);
    await lockAt(JUST_LOCKED, 1_000);
    expect(await byHttp("ada", late)).toEqual([{ clientId: "c1", outcome: "unchanged" }]);
    expect(await byHttp("ada", { ...late, pick: "0-0" })).toMatchObject([{ code: "locked" }]);
    expect(await rows()).toMatchObject([{ pick: "2-1" }]);
  });

  test("nobody predicts without a fan's token", async () => {
    const body = { predictions: [ask()] };
    for (
      const [user, status, code] of [[undefined, 401, "signIn"], ["stale", 401, "signIn"], [
        "machine",
        403,
        "forbidden",
      ]] as const
    ) {
      const reply = await http("/api/predictions", user, body);
      expect([reply.status, (await reply.json()).code]).toEqual([status, code]);
    }
    const fan = await Fan.enter(opened.port);
    fan.send({ predict: { id: 7, ...ask() } });
    expect(await fan.next("reply")).toMatchObject({ id: 7, code: "signIn" });
    expect(await rows()).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["no JSON", "{"],
    ["nothing", {}],
    ["no prediction", { predictions: [] }],
    ["too many", { predictions: Array(101).fill(ask()) }],
    ["no texts", { predictions: [{ ...ask(), pick: 3 }] }],
    ["null", { predictions: [null] }],
  ])("a body of %s is refused whole", async (_, body) => {
    const reply = await http("/api/predictions", "ada", body);
    expect([reply.status, (await reply.json()).code]).toEqual([400, "malformed"]);
  });

  test("the markets of a match are a page that caches may keep", async () => {
    const reply = await http(`/api/matches/${OPEN}/markets`);
    expect(reply.headers.get("cache-control")).toContain("s-maxage=1");
    const page = await reply.json();
    expect(page).toMatchObject({ matchId: OPEN, suspended: false, rulesVersion: 1 });
    expect(
      page.markets.map(({ market, state }: { market: string; state: string }) => [market, state]),
    )
      .toEqual(
        ["finalScore", "firstScorer", "possession", "matchWinner", "toQualify"]
          .map((market) => [market, "open"]),
      );
    expect(page.markets[1]).toMatchObject({
      title: "First goal scorer",
      text: expect.stringContaining("own goal"),
      points: { player: 6, nobody: 4 },
      picks: [{ pick: "p-10", label: "Lionel Messi" }, { pick: "none" }],
      crowd: { top: [], others: 0, fans: 0 },
    });
    const again = await fetch(reply.url, {
      headers: { "if-none-match": reply.headers.get("etag")! },
    });
    expect(again.status).toBe(304);
    expect((await http("/api/matches/nobody/markets")).status).toBe(404);
    const locked = await (await http(`/api/matches/${LOCKED}/markets`)).json();
    expect(locked.markets[0].state).toBe("locked");
  });
});
