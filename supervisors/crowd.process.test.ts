import { afterAll, beforeAll, expect, test } from "vitest";
import { tokenSettings } from "../drills/fan_token.ts";
import { PredictingFan } from "../drills/predicting_fan.ts";
import { ProcessGroup, type ServerProcess } from "../drills/process_group.ts";
import { Subscriber } from "../drills/subscriber.ts";
import { until } from "../drills/until.ts";
import { WebhookSource } from "../drills/webhook_source.ts";
import type { Publication } from "../protocol/golazo_codec.ts";

const MATCH = "crowd-match";
let group: ProcessGroup;
let server: ServerProcess;
beforeAll(async () => {
  group = new ProcessGroup({ ...WebhookSource.settings, ...tokenSettings });
  server = await group.start();
});
afterAll(() => group.end());

test("a fan's pick is in the crowd that others see, and a goal suspends it", async () => {
  const source = new WebhookSource(() => server.address);
  const tell = async (id: string, fields: Record<string, unknown>) => {
    const fact = { id, revision: 1, type: "", occurredAt: Date.now(), ...fields };
    expect((await source.post(MATCH, [fact]))[0]!.answer).toBe("accepted");
  };
  const kickoffAt = Date.now() + 3_600_000;
  await tell("fixture", {
    ...{ type: "match.scheduled", competition: "League", stage: "", kickoffAt },
    ...{ home: { id: "home", name: "Home" }, away: { id: "away", name: "Away" } },
    format: { kind: "league" },
  });
  const fan = new PredictingFan("ada", () => [server.address, server.address]);
  const channels = [`prediction:${MATCH}`];
  const other = new Subscriber({ name: "bob", address: () => server.address, channels });
  const heard = () =>
    other.log.flatMap(({ frame }): Publication[] => [
      ...frame.subscribed?.publications ?? [],
      ...frame.publication === undefined ? [] : [frame.publication],
    ]);
  try {
    await until("the markets are told", () => heard().some(({ markets }) => markets));
    expect(heard().findLast(({ markets }) => markets)!.markets).toMatchObject({
      lockAt: kickoffAt,
      open: ["finalScore", "firstScorer", "possession", "matchWinner"],
      suspended: false,
    });
    await until("the fan is welcome", () => fan.isReady);
    fan.predict({ clientId: "c1", match: MATCH, market: "finalScore", pick: "2-1" });
    await until("the fan is answered", () => fan.answer !== null);
    expect(fan.answer).toMatchObject({ code: "ok" });
    const isSeen = ({ crowd }: Publication) => crowd?.top.some(({ pick }) => pick === "2-1");
    await until("the pick is in the crowd", () => heard().some(isSeen), 5_000);

    await tell("kick-off", { type: "period.started", period: "firstHalf" });
    await until(
      "the markets are locked",
      () => heard().some(({ markets }) => markets?.reason === "locked"),
      5_000,
    );
    await tell("goal", {
      ...{ type: "goal.scored", side: "home", method: "open", period: "firstHalf", minute: 1 },
    });
    await until(
      "a goal suspends",
      () => heard().some(({ markets }) => markets?.suspended && markets.reason === "goal"),
      5_000,
    );
  } finally {
    fan.close();
    other.close();
  }
  expect((await group.stop(server)).code).toBe(0);
});
