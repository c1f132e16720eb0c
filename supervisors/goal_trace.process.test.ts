/**
 * One goal's trace from the provider to the last socket, over process borders:
 * two gateways and an owner, one of them on Node, on a Redis and a MariaDB of
 * their own, and a collector that is a real server.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import type { ProviderFact } from "../actors/match/match_event.ts";
import { type RunningRedis, startRedis } from "../db/redis/redis_test_kit.ts";
import { emptySchema, type MysqlServer, mysqlServer } from "../db/sql/mysql_test_kit.ts";
import { until } from "../drills/until.ts";
import { signatureHeaders, webhookKey } from "../feed/webhook_signature.ts";
import { Fan } from "../gateway/testing/fan.ts";
import { node24 } from "../ops/node_24.ts";
import { programs } from "./main_test_kit.ts";
import { OtlpSink, type SunkSpan } from "./otlp_sink_test_kit.ts";

const SECRET = `whsec_${btoa("a secret of twenty-four ")}`;
const CALLERS_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${CALLERS_TRACE}-00f067aa0ba902b7-00`;
const PLAYER = "Lionel Messi";
const DEVICE = "device-of-a-fan";
const STAGES = ["dedupe", "match.transition", "ledger.append", "publish"];

let redis: RunningRedis;
let server: MysqlServer;
let schema: { url: string; drop(): Promise<void> };
const { start, folder } = programs();

beforeAll(async () => {
  redis = await startRedis("--appendonly", "yes");
  server = await mysqlServer();
  schema = await emptySchema(server.url);
});
afterAll(async () => {
  await redis.stop();
  await schema.drop();
  await server.stop();
});

function run(words: string[], sink: OtlpSink, runtime?: string[]) {
  return start(words, {
    ...(runtime === undefined ? {} : { runtime }),
    settings: {
      ...{ REDIS_URL: redis.url, DATABASE_URL: schema.url, GOLAZO_FEED_SECRET_ACME: SECRET },
      ...{ GOLAZO_DATA: folder.path("shared"), OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint },
    },
  });
}

async function tell(address: string, facts: ProviderFact[], traceparent?: string) {
  const body = JSON.stringify({
    match: MATCH_ID,
    facts: facts.map(({ provider: _, ...fact }) => fact),
  });
  const signed = signatureHeaders(webhookKey(SECRET), crypto.randomUUID(), Date.now(), body);
  const headers = { ...signed, ...(traceparent === undefined ? {} : { traceparent }) };
  const reply = await fetch(`${address}/api/feed/acme`, { method: "POST", headers, body });
  expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
}

describe("one goal's trace", () => {
  test("is one, from the provider to the last socket of each gateway", async () => {
    await using sink = await OtlpSink.open();
    expect(await run(["migrate"], sink).exitCode).toBe(0);
    const actors = run(["--role", "actors"], sink, [node24()]);
    await actors.says(/^admin /);
    const gateways = [run(["--role", "gateway"], sink), run(["--role", "gateway"], sink)];
    const addresses: string[] = [];
    for (const gateway of gateways) addresses.push((await gateway.says(/^listening (\S+)$/))[1]!);
    await tell(addresses[0]!, [scheduled(), started("firstHalf")]);

    const guest = await fetch(`${addresses[0]}/api/session`, { method: "POST" });
    const { token, subject } = await guest.json();
    const fans: Fan[] = [];
    for (const [at, address] of addresses.entries()) {
      for (let tab = 0; tab < 2 + at; tab++) {
        const named = tab === 0 && at === 0 ? { token } : {};
        const hello = { deviceId: DEVICE, instanceId: `tab-${at}-${tab}`, attempt: 1, ...named };
        const fan = await Fan.enter(Number(new URL(address).port), hello);
        await fan.watch(MATCH_ID);
        fans.push(fan);
      }
    }
    await tell(addresses[0]!, [goal("home", 23, { player: { name: PLAYER } })], TRACEPARENT);
    const sawGoal = ({ frames }: Fan) => frames.some(({ publication }) => publication?.goal);
    await until("every fan has the goal", () => fans.every(sawGoal));

    const way = () => sink.spans.filter(({ traceId }) => traceId === CALLERS_TRACE);
    const isWhole = () => way().filter(({ name }) => name === "gateway.fanout").length >= 2;
    await until("both gateways told the collector", isWhole);
    for (const program of [...gateways, actors]) expect(await program.stop()).toBe(0);

    const spans = way();
    const named = (name: string) => spans.filter((span) => span.name === name);
    expect(spans.map(({ name }) => name).toSorted()).toEqual(
      ["provider.receive", ...STAGES, "gateway.fanout", "gateway.fanout"].toSorted(),
    );
    const [root] = named("provider.receive");
    expect(root).toMatchObject({
      parentSpanId: "00f067aa0ba902b7",
      attributes: { "golazo.match": MATCH_ID, "golazo.provider": "acme", "golazo.facts": "1" },
      process: { "service.name": "golazo", "golazo.role": "gateway" },
      status: {},
    });
    for (const span of spans) {
      if (span !== root) expect(span.parentSpanId).toBe(root!.spanId);
      expect(span.attributes["golazo.match"]).toBe(MATCH_ID);
      expect(nanoseconds(span.endTimeUnixNano) >= nanoseconds(span.startTimeUnixNano)).toBe(true);
    }
    const instance = ({ process }: SunkSpan) => process["service.instance.id"]!;
    expect(new Set(STAGES.flatMap(named).map(instance)).size).toBe(1);
    expect(STAGES.flatMap(named).every(({ process }) => process["golazo.role"] === "actors"))
      .toBe(true);
    const toldBy = named("gateway.fanout");
    expect(new Set(toldBy.map(instance)).size).toBe(2);
    expect(toldBy.map(instance)).toContain(instance(root!));
    expect(toldBy.map(({ attributes }) => attributes["golazo.sockets"]).toSorted())
      .toEqual(["2", "3"]);
    expect(toldBy[0]!.attributes["golazo.lane"]).toBe("goal");

    for (const secret of [token, subject, DEVICE, PLAYER, "tab-0-0", SECRET]) {
      expect(sink.text).not.toContain(secret);
    }
    for (const fan of fans) fan.socket.terminate();
  });
});

function nanoseconds(text: string): bigint {
  return BigInt(text);
}
