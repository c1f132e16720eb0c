/**
 * One goal followed to all of its destinations, over the distributed form as it
 * runs: whoever hears of it by supervisors/wiring.ts does, by its own way.
 *
 * Each arrow is one line with its time from the webhook's first byte. The board
 * hears of a goal only after the whistle, so its times begin there.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Publication } from "../protocol/golazo_codec.ts";
import { ClusterGroup } from "./cluster_group.ts";
import { tokenSettings } from "./fan_token.ts";
import { PredictingFan } from "./predicting_fan.ts";
import { openMysqlDoor } from "./sql_door.ts";
import { Subscriber } from "./subscriber.ts";
import { until } from "./until.ts";
import { type SourceFact, WebhookSource } from "./webhook_source.ts";

const MATCH = "one-goal";
const CHANNELS = [
  `match:${MATCH}`,
  `prediction:${MATCH}`,
  `leaderboard:${MATCH}`,
  `chat:room:${MATCH}`,
];
/** The projection of a match is told every ten seconds at most. */
const SEEN_MS_MAX = 15_000;

let cluster: ClusterGroup;
let subscriber: Subscriber;
let fan: PredictingFan;
beforeAll(async () => {
  cluster = await ClusterGroup.start({
    ...WebhookSource.settings,
    ...tokenSettings,
    GOLAZO_SETTLEMENT_HOLD_MS: "0",
  });
}, 60_000);
afterAll(async () => {
  subscriber?.close();
  fan?.close();
  await cluster?.end();
});

function fact(id: string, type: string, fields: object = {}): SourceFact {
  return { id, revision: 1, type, occurredAt: Date.now(), ...fields };
}

const period = (type: string, name: string) => fact(`${type}-${name}`, type, { period: name });

test(
  "one goal reaches score, timeline, crowd, projection, room, history, card and board",
  async () => {
    const [door, other] = cluster.of("gateway");
    const source = new WebhookSource(() => door!.server.address);
    const tell = async (...facts: SourceFact[]) => {
      const posted = await source.post(MATCH, facts, { resendForMs: 10_000 });
      // Sent again while its match changed hands, a fact may have been taken the first time.
      const taken = posted.filter(({ answer }) => answer === "accepted" || answer === "duplicate");
      expect(taken).toHaveLength(facts.length);
    };
    await tell(fact("fixture", "match.scheduled", {
      ...{ competition: "League", stage: "Round 1", kickoffAt: Date.now() + 600_000 },
      ...{ format: { kind: "league" } },
      home: { id: "home", name: "Home" },
      away: { id: "away", name: "Away" },
    }));
    // Whoever hears does so at the other gateway than the one that was told.
    subscriber = new Subscriber({
      ...{ name: "listener", channels: CHANNELS, address: () => other!.server.address },
    });
    await until("the listener is in", () => subscriber.isSubscribed, 20_000);
    fan = new PredictingFan("ana", () => [other!.server.address, door!.server.address]);
    await until("the fan is in", () => fan.isReady);
    const predicted = async () => {
      fan.forget();
      fan.predict({ clientId: "ana-1", match: MATCH, market: "finalScore", pick: "1-0" });
      await until("the fan is answered", () => fan.answer !== null);
      return fan.answer!.code === "ok";
    };
    await until("the prediction is taken", predicted);
    const card = async () => {
      const reply = await fetch(`${other!.server.address}/cards/${MATCH}.png`);
      await reply.body?.cancel();
      return reply.status === 200 ? reply.url : "";
    };
    await tell(period("period.started", "firstHalf"));
    await until("there is a card", async () => await card() !== "", 20_000);
    const cardBefore = await card();

    const goal = fact("the-goal", "goal.scored", {
      ...{ side: "home", method: "open", period: "firstHalf", minute: 23 },
      player: { name: "Lionel Messi" },
    });
    const sql = await openMysqlDoor(cluster.databaseUrl);
    const arrows = new Arrows();
    const onChannel = (name: string, channel: string, is: (said: Publication) => boolean) =>
      arrows.follow(name, () => arrows.heardOn(subscriber, channel, is));
    onChannel("match → channel: score", CHANNELS[0]!, ({ goal }) => goal?.home === 1);
    onChannel("match → channel: timeline", CHANNELS[0]!, ({ item }) => item?.kind === "goal");
    onChannel(
      "signal → crowd keeper: markets are suspended",
      CHANNELS[1]!,
      ({ markets }) => markets?.suspended === true,
    );
    onChannel(
      "signal → projector: if it ended now",
      CHANNELS[2]!,
      ({ projection }) => projection?.score?.home === 1,
    );
    onChannel("signal → room: slow mode", CHANNELS[3]!, ({ room }) => room?.mode === "slow");
    arrows.follow("history writer → SQL", async () => {
      const text = `SELECT seq FROM match_ledger WHERE match_id = '${MATCH}' ` +
        "AND body LIKE '%the-goal%'";
      return (await sql.ask(text)).length === 1;
    });
    arrows.follow("signal → card: another picture", async () => {
      const now = await card();
      return now !== "" && now !== cardBefore;
    });
    await arrows.time(subscriber, () => tell(goal));

    arrows.follow("settlement → SQL: a point", async () => {
      const rows = await sql.ask(`SELECT points FROM point_entry WHERE match_id = '${MATCH}'`);
      return rows.some(({ points }) => Number(points) > 0);
    });
    onChannel(
      "settlement → board: standings",
      CHANNELS[2]!,
      ({ standings }) => standings?.rows[0]?.user === "ana" && standings.rows[0].rank === 1,
    );
    onChannel(
      "settlement → match: settled",
      CHANNELS[0]!,
      ({ state }) => state?.phase === "settled",
    );
    const whistle = [
      period("period.ended", "firstHalf"),
      period("period.started", "secondHalf"),
      period("period.ended", "secondHalf"),
    ];
    await arrows.time(subscriber, () => tell(...whistle));
    await sql.close();
    expect(arrows.lines).toHaveLength(10);
    for (const line of arrows.lines) console.log(line);
  },
  90_000,
);

/** What is to be seen, and when it was. */
class Arrows {
  readonly lines: string[] = [];
  #waiting: { name: string; isSeen: () => boolean | Promise<boolean> }[] = [];
  #from = 0;

  follow(name: string, isSeen: () => boolean | Promise<boolean>): void {
    this.#waiting.push({ name, isSeen });
  }

  /** Since `time` began. */
  heardOn(subscriber: Subscriber, channel: string, is: (said: Publication) => boolean): boolean {
    return subscriber.log.slice(this.#from).some(({ frame: { publication } }) =>
      publication !== undefined && subscriber.channelOf(publication.channel) === channel &&
      is(publication)
    );
  }

  async time(subscriber: Subscriber, tell: () => Promise<void>): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#from = subscriber.log.length;
    const beganAt = performance.now();
    const told = tell();
    await Promise.all(waiting.map(async ({ name, isSeen }) => {
      await until(`seen: ${name}`, isSeen, SEEN_MS_MAX);
      const ms = Math.round(performance.now() - beganAt);
      this.lines.push(`${String(ms).padStart(6)} ms  ${name}`);
    }));
    await told;
  }
}
