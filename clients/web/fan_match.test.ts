import { describe, expect, test } from "vitest";
import { startLive, subscribed } from "../sdk/scripted_client.ts";
import { FanApi, guestTokens, PredictionBook } from "../sdk/mod.ts";
import type { MatchMarkets, OwnProjection } from "../sdk/mod.ts";
import { FanMatch } from "./fan_match.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve));
const LOCK = 1_671_375_600_000 + 60_000;
const NONE = { top: [], others: 0, fans: 0 };

async function start({ hasPick = true } = {}) {
  const { platform, client } = startLive();
  const market = (name: string) => ({
    market: name,
    title: name,
    text: "",
    state: "open" as const,
    crowd: NONE,
  });
  const markets: MatchMarkets = {
    matchId: "arg-fra",
    lockAt: LOCK,
    suspended: false,
    markets: [market("finalScore"), market("matchWinner")],
  };
  const own: OwnProjection = { points: 5, rank: 15, fans: 40, provisional: false, picks: [] };
  const predictions = [{ clientId: "c1", market: "finalScore", pick: "2-1", acceptedAt: 1 }];
  const guest = { token: "t", subject: "guest-1", expiresAt: LOCK + 3_600_000 };
  platform.store("golazo.guest", JSON.stringify(guest));
  platform.answer = ({ path }) => ({
    value: path.endsWith("/markets")
      ? markets
      : path.endsWith("/predictions")
      ? { predictions: hasPick ? predictions : [] }
      : path.endsWith("/projection")
      ? { ...own }
      : { rows: [], members: 9, me: { rank: 3, points: 6, user: "guest-1" } },
  });
  const said: string[] = [];
  const api = new FanApi(platform, guestTokens(platform));
  const book = new PredictionBook(api, platform, () => {});
  const onChange = (sentence: string) => void (sentence && said.push(sentence));
  const fan = new FanMatch({ match: "arg-fra", client, platform, api, book, onChange });
  for (const [at, channel] of ["prediction:arg-fra", "leaderboard:arg-fra"].entries()) {
    platform.socket.receive(
      subscribed({ id: 2 + at, channel, number: 7 + at, offset: 0, match: undefined }),
    );
  }
  await turn();
  platform.advance(0);
  await turn();
  const asked = (what: string) =>
    platform.questions.filter(({ path }) => path.includes(what)).length;
  return { platform, fan, own, said, asked, markets };
}

describe("FanMatch", () => {
  test("closes by the clock, without a word from the server", async () => {
    const { fan, markets } = await start();
    expect(fan.stateOf(markets.markets[0]!, LOCK - 1)).toBe("open");
    expect(fan.stateOf(markets.markets[0]!, LOCK)).toBe("locked");
  });

  test("believes the channel before the page that it was opened with", async () => {
    const { fan, markets, platform } = await start();
    const said = {
      lockAt: LOCK + 5,
      open: ["finalScore"],
      voided: ["matchWinner"],
      suspended: true,
      reason: "goal",
    };
    platform.socket.receive({ publication: { channel: 7, markets: said } });
    const [score, winner] = markets.markets;
    expect(fan.stateOf(score!, LOCK)).toBe("open");
    expect(fan.stateOf(winner!, LOCK)).toBe("void");
    expect(fan.suspendedBy).toBe("goal");
    const crowd = { market: "finalScore", fans: 2, top: [{ pick: "2-1", fans: 2 }] };
    platform.socket.receive({ publication: { channel: 7, crowd } });
    expect(fan.crowdOf(score!).fans).toBe(2);
    expect(fan.crowdOf(winner!).fans).toBe(0);
  });

  test("tells the places won since the rank was another, once", async () => {
    const { fan, own, said, platform } = await start();
    expect(fan.projection?.rank).toBe(15);
    own.rank = 12;
    fan.matchChanged();
    platform.advance(5_000);
    await turn();
    expect([fan.projection?.rank, fan.movement]).toEqual([12, 3]);
    fan.matchChanged();
    platform.advance(5_000);
    await turn();
    expect(fan.movement).toBe(3);
    expect(said).toEqual(["You are 12th, up 3."]);
  });

  test("asks for own points once for all that a goal sets off, after a while", async () => {
    const { fan, platform, asked } = await start();
    expect(asked("/projection")).toBe(1);
    for (let at = 0; at < 10; at++) fan.matchChanged();
    platform.socket.receive({ publication: { channel: 8, projection: { fans: 4 } } });
    platform.advance(499);
    expect(asked("/projection")).toBe(1);
    platform.advance(4_500);
    await turn();
    expect(asked("/projection")).toBe(2);
    expect(asked("around=me")).toBe(0);
  });

  test("stands by what would be until the board is settled", async () => {
    const { fan, platform } = await start();
    platform.socket.receive({ publication: { channel: 8, standings: { members: 9 } } });
    platform.advance(5_000);
    await turn();
    const projected = { rank: 15, points: 5, of: 40, isFinal: false };
    expect(fan.place).toEqual(projected);
    platform.socket.receive({ publication: { channel: 7, settlement: { phase: "verifying" } } });
    expect(fan.place).toEqual(projected);
    platform.socket.receive({ publication: { channel: 7, settlement: { phase: "settled" } } });
    expect(fan.place).toMatchObject({ rank: 15, of: 0, isFinal: true });
    platform.advance(5_000);
    await turn();
    expect(fan.place).toMatchObject({ rank: 3, points: 6, of: 9, isFinal: true });
  });

  test("asks again where the board was settled while the answer was on its way", async () => {
    const { fan, platform, asked } = await start();
    fan.matchChanged();
    platform.advance(5_000);
    platform.socket.receive({ publication: { channel: 8, standings: { members: 9 } } });
    platform.socket.receive({ publication: { channel: 7, settlement: { phase: "settled" } } });
    await turn();
    expect(asked("around=me")).toBe(0);
    platform.advance(5_000);
    await turn();
    expect(fan.place).toMatchObject({ rank: 3, points: 6, of: 9, isFinal: true });
    platform.advance(10_000);
    await turn();
    expect(asked("around=me")).toBe(1);
  });

  test("asks for nothing of one's own without a pick, nor once it is left", async () => {
    const none = await start({ hasPick: false });
    none.fan.matchChanged();
    none.platform.advance(10_000);
    expect(none.asked("/projection")).toBe(0);
    const left = await start();
    left.fan.matchChanged();
    left.fan.leave();
    left.fan.matchChanged();
    left.platform.advance(10_000);
    expect(left.asked("/projection")).toBe(1);
    expect(left.platform.socket.sent.slice(-2).map(({ unsubscribe }) => unsubscribe?.channel))
      .toEqual(["prediction:arg-fra", "leaderboard:arg-fra"]);
  });
});
