/**
 * What a scrape of a real server finds: the promised names, all of them, each
 * with its labels, before anything has gone wrong.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import type { ProviderFact } from "../actors/match/match_event.ts";
import { until } from "../drills/until.ts";
import { signatureHeaders, webhookKey } from "../feed/webhook_signature.ts";
import { Fan } from "../gateway/testing/fan.ts";
import { programs } from "./main_test_kit.ts";

const SECRET = `whsec_${btoa("a secret of twenty-four ")}`;

/** Name and labels → kind. */
const PROMISED: Record<string, string> = {
  golazo_connections: "gauge",
  'golazo_deliveries_total{lane="goal"}': "counter",
  'golazo_deliveries_total{lane="stats"}': "counter",
  'golazo_skipped_total{lane="stats"}': "counter",
  'golazo_refused_total{reason="unknownProvider"}': "counter",
  'golazo_fenced_refused_total{store="ledger"}': "counter",
  golazo_restarts_total: "counter",
  golazo_parked: "gauge",
  golazo_dead_letters: "gauge",
  golazo_owned_partitions: "gauge",
  golazo_ledger_behind: "gauge",
  golazo_eventloop_lag_seconds_count: "histogram",
  'golazo_hop_seconds_count{hop="receive"}': "histogram",
  'golazo_hop_seconds_count{hop="decide"}': "histogram",
  'golazo_hop_seconds_count{hop="commit"}': "histogram",
  'golazo_hop_seconds_count{hop="publish"}': "histogram",
  'golazo_hop_seconds_count{hop="gateway_first"}': "histogram",
  'golazo_hop_seconds_count{hop="gateway"}': "histogram",
};
const HOPS = ["receive", "decide", "commit", "publish", "gateway_first", "gateway"];

const { start, folder } = programs();

describe("the metrics of a real server", () => {
  test("are those that were promised, and every hop of a goal is in them", async () => {
    const program = start([], { settings: { GOLAZO_FEED_SECRET_ACME: SECRET } });
    const [, address] = await program.says(/^listening (\S+)$/);
    const [, admin] = await program.says(/^admin (\S+)$/);
    const scrape = async () => {
      const lines = (await (await fetch(`${admin}/metrics`)).text()).split("\n");
      const kinds = Object.fromEntries(
        lines.filter((line) => line.startsWith("# TYPE ")).map((line) => line.split(" ").slice(2)),
      );
      const values = Object.fromEntries(
        lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
          const space = line.lastIndexOf(" ");
          return [line.slice(0, space), Number(line.slice(space))];
        }),
      );
      return { kinds, values };
    };
    const tell = async (...told: ProviderFact[]) => {
      const facts = told.map(({ provider: _, ...fact }) => fact);
      const body = JSON.stringify({ match: MATCH_ID, facts });
      const headers = signatureHeaders(webhookKey(SECRET), crypto.randomUUID(), Date.now(), body);
      const reply = await fetch(`${address}/api/feed/acme`, { method: "POST", headers, body });
      expect(reply.status).toBe(200);
      await reply.body?.cancel();
    };

    const stranger = await fetch(`${address}/api/feed/nobody`, { method: "POST", body: "{}" });
    expect(stranger.status).toBe(404);
    await stranger.body?.cancel();
    await tell(scheduled(), started("firstHalf"));
    const fan = await Fan.enter(Number(new URL(address!).port));
    await fan.watch(MATCH_ID);
    const before = (await scrape()).values;
    await tell(goal("home", 23));
    await until("the fan has the goal", () => fan.frames.some((frame) => frame.publication?.goal));
    const { kinds, values } = await scrape();
    for (const [series, kind] of Object.entries(PROMISED)) {
      const name = series.replace(/(_count)?(\{.*)?$/, "");
      expect([name, kinds[name]]).toEqual([name, kind]);
      expect([series, values[series]]).toEqual([series, expect.any(Number)]);
    }
    for (const hop of HOPS) {
      const series = `golazo_hop_seconds_count{hop="${hop}"}`;
      expect([hop, values[series]! > before[series]!]).toEqual([hop, true]);
    }
    expect(values).toMatchObject({
      golazo_connections: 1,
      golazo_owned_partitions: 64,
      golazo_matches_awake: 1,
      golazo_dead_letters: 0,
      'golazo_refused_total{reason="unknownProvider"}': 1,
    });
    fan.socket.terminate();
    expect(await program.stop()).toBe(0);
  });
});

describe("a fan's sockets", () => {
  test("are told of to operators alone", async () => {
    const data = folder.path("asked");
    const program = start([], { settings: { GOLAZO_DATA: data } });
    const [, address] = await program.says(/^listening (\S+)$/);
    const [, admin] = await program.says(/^admin (\S+)$/);
    const hello = { deviceId: "d1", instanceId: "tab", attempt: 1 };
    const fan = await Fan.enter(Number(new URL(address!).port), hello);
    await fan.watch(MATCH_ID);
    const ask = (
      headers: Record<string, string>,
      listener = admin,
      what = "connections?device=d1",
    ) => fetch(`${listener}/api/ops/${what}`, { headers });
    const token = readFileSync(join(data, "operator.token"), "utf8").trim();
    const authorization = `Bearer ${token}`;
    for (const reply of [await ask({}), await ask({ authorization: "Bearer x" })]) {
      expect([reply.status, await reply.text()]).toEqual([401, expect.any(String)]);
    }
    const outside = await ask({ authorization }, address);
    expect([outside.status, await outside.text()]).toEqual([404, expect.any(String)]);
    const told = await (await ask({ authorization })).json();
    expect(told).toMatchObject({
      connections: [{ device: "d1", subscriptions: [{ channel: `match:${MATCH_ID}`, number: 1 }] }],
      closed: [],
    });
    const { channels } = await (await ask({ authorization }, admin, "channels")).json();
    expect(channels).toMatchObject([{ channel: `match:${MATCH_ID}`, members: 1 }]);
    fan.socket.terminate();
    expect(await program.stop()).toBe(0);
  });
});
