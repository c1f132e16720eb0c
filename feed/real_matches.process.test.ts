/** Real matches through the door: signed webhook in, HTTP and a socket out. */
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type BundledCorrections,
  partExpected,
  readBundledCorrections,
} from "../actors/match/checker/bundled_corrections.ts";
import { readRealMatches, type RealMatch } from "../actors/match/checker/real_matches.ts";
import { ProcessGroup, type ServerProcess } from "../drills/process_group.ts";
import { SeededRandom } from "../drills/seeded_random.ts";
import { Subscriber } from "../drills/subscriber.ts";
import { until } from "../drills/until.ts";
import { type SourceFact, WebhookSource } from "../drills/webhook_source.ts";
import type { MatchState } from "../protocol/golazo_codec.ts";

const FOLDER = new URL("../../shared/data/matches/", import.meta.url);
const isThere = existsSync(FOLDER);
if (!isThere) console.log(`Real matches are left out: ${FOLDER.pathname} is not there.`);

const SEED = 2022;
const DUPLICATES = 0.2;
/** Facts of one request. */
const REQUEST_FACTS = 40;

describe("real matches through a server", () => {
  let group: ProcessGroup;
  let server: ServerProcess;
  let source: WebhookSource;

  beforeAll(async () => {
    group = new ProcessGroup(WebhookSource.settings);
    server = await group.start();
    source = new WebhookSource(() => server.address);
  });
  afterAll(() => group.end());

  test.skipIf(!isThere)("read back as they really ended", async () => {
    const matches = await readRealMatches(FOLDER);
    let duplicates = 0;
    for (const match of matches) duplicates += await playThrough(match);
    console.log(`${matches.length} real matches posted, ${duplicates} facts twice (seed ${SEED}).`);
    expect(matches.length).toBe(145);
    expect(duplicates).toBeGreaterThan(matches.length);
  });

  test("read back as they ended when they had to be corrected", async () => {
    const matches = readBundledCorrections();
    let facts = 0;
    for (const match of matches) facts += await correctThrough(match);
    console.log(`${matches.length} corrected matches posted, ${facts} facts.`);
    expect(matches.length).toBeGreaterThanOrEqual(8);
  });

  async function correctThrough({ id, facts, expected }: BundledCorrections): Promise<number> {
    const posted = await source.post(id, facts as SourceFact[]);
    expect(posted.filter(({ answer }) => answer !== "accepted"), id).toEqual([]);
    const reply = await fetch(`${server.address}/api/matches/${id}`);
    const told = expected.goals as { status: string }[];
    // What never happened is in the ledger and not shown.
    const shown = { ...expected, goals: told.filter(({ status }) => status !== "removed") };
    expect(partExpected(await reply.json(), shown), id).toEqual(shown);
    return facts.length;
  }

  async function playThrough(match: RealMatch): Promise<number> {
    const id = match.id.toLowerCase();
    const random = new SeededRandom(SEED + Number(id.replace(/\D/g, "")));
    const [fixture, ...facts] = match.facts as unknown as SourceFact[];
    await source.post(id, [fixture!]);
    const fan = new Subscriber({
      name: `fan-${id}`,
      address: () => server.address,
      channels: [`match:${id}`],
    });
    await until(`a fan is subscribed to ${id}`, () => fan.isSubscribed);
    const told = facts.flatMap((fact) => random.chance(DUPLICATES) ? [fact, fact] : [fact]);
    for (let from = 0; from < told.length; from += REQUEST_FACTS) {
      const posted = await source.post(id, told.slice(from, from + REQUEST_FACTS));
      expect(posted.filter(({ answer }) => answer !== "accepted" && answer !== "duplicate"))
        .toEqual([]);
    }
    const said = source.posted.filter(({ match }) => match === id);
    expect(said.filter(({ answer }) => answer === "duplicate").length).toBe(
      told.length - facts.length,
    );
    await expectServed(match, id);
    await expectHeard(match, fan);
    fan.close();
    return told.length - facts.length;
  }

  async function expectServed({ expected }: RealMatch, id: string): Promise<void> {
    const reply = await fetch(`${server.address}/api/matches/${id}`);
    expect(reply.headers.get("etag")).toMatch(/^"[^"]+"$/);
    const body = await reply.json();
    const goals = body.timeline
      .filter((item: { kind: string }) => item.kind === "goal")
      .map(({ score }: { score: unknown }) => score);
    const { regular, extraTime, score, winner, decidedBy, phase, shootout } = body;
    const kicks = shootout && {
      home: shootout.home,
      away: shootout.away,
      kicks: shootout.kicks.map(({ home, away }: { home: number; away: number }) => ({
        home,
        away,
      })),
    };
    expect({ regular, extraTime, score, shootout: kicks, winner, decidedBy, goals }, id)
      .toEqual(expected);
    expect(phase, id).toBe("finished");
  }

  /** The same from the socket alone. */
  async function expectHeard({ id, expected }: RealMatch, fan: Subscriber): Promise<void> {
    const states = () =>
      fan.log.flatMap(({ frame }): MatchState[] => {
        const state = frame.publication?.state ?? frame.subscribed?.match?.state;
        return state ? [state] : [];
      });
    await until(`the channel tells the end of ${id}`, () => states().at(-1)?.phase === "finished");
    const last = states().at(-1)!;
    const goals = fan.log.flatMap(({ frame }) => frame.publication?.goal ?? []);
    expect(last.score, id).toEqual(expected.score);
    expect(last.regular, id).toEqual(expected.regular);
    expect(last.extraTime ?? null, id).toEqual(expected.extraTime);
    expect(goals.length, id).toBe(expected.goals.length);
    expect(goals.map(({ home, away }) => ({ home, away })), id).toEqual(expected.goals);
    const winners = { homeWins: "home", awayWins: "away", draw: "draw", undecided: null };
    expect(winners[last.winner], id).toBe(expected.winner);
    if (expected.shootout === null) return;
    const { home, away } = expected.shootout;
    expect(last.shootout).toMatchObject({ home, away });
  }
});
