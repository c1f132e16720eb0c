/**
 * Share cards of an installation of several processes: one worker of two paints
 * them, a gateway that has neither sharp nor SQL leads to them, and the other
 * worker goes on when the first is gone.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { goal, MATCH_ID, scheduled, started } from "../actors/match/match.testing.ts";
import type { ProviderFact } from "../actors/match/match_event.ts";
import { type RunningRedis, startRedis } from "../db/redis/redis_test_kit.ts";
import { emptySchema, type MysqlServer, mysqlServer } from "../db/sql/mysql_test_kit.ts";
import { until } from "../drills/until.ts";
import { signatureHeaders, webhookKey } from "../feed/webhook_signature.ts";
import { type Program, programs } from "./main_test_kit.ts";

const SECRET = `whsec_${btoa("a secret of twenty-four ")}`;
let redis: RunningRedis;
let server: MysqlServer;
let schema: { url: string; drop(): Promise<void> };
let address: string;
const { start, folder } = programs();
const data = folder.path("shared");

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

function run(...words: string[]): Program {
  return start(words, {
    settings: {
      ...{ REDIS_URL: redis.url, DATABASE_URL: schema.url, GOLAZO_FEED_SECRET_ACME: SECRET },
      GOLAZO_DATA: data,
    },
  });
}

async function tell(...facts: ProviderFact[]) {
  const body = JSON.stringify({
    match: MATCH_ID,
    facts: facts.map(({ provider: _, ...fact }) => fact),
  });
  const headers = signatureHeaders(webhookKey(SECRET), crypto.randomUUID(), Date.now(), body);
  const reply = await fetch(`${address}/api/feed/acme`, { method: "POST", headers, body });
  expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
}

async function cardAddress(): Promise<string> {
  const reply = await fetch(`${address}/cards/${MATCH_ID}.png`);
  return reply.status === 200 ? reply.url : "";
}

test("share cards are painted by one worker, led to by a gateway, and outlive both", async () => {
  expect(await run("migrate").exitCode).toBe(0);
  const actors = run("--role", "actors");
  const worker = run("--role", "workers");
  const gateway = run("--role", "gateway");
  await Promise.all([actors.says(/^admin /), worker.says(/^admin /)]);
  address = (await gateway.says(/^listening (\S+)$/))[1]!;
  await tell(scheduled(), started("firstHalf"));
  await until("a card", async () => await cardAddress() !== "");
  const before = await cardAddress();
  const began = performance.now();
  await tell(goal("home", 23, { player: { name: "Lionel Messi" } }));
  const after = await cardAddress();
  console.log(`card of a goal ${Math.round(performance.now() - began)} ms after its post`);
  expect(after).not.toBe(before);

  const other = run("--role", "workers");
  await other.says(/^admin /);
  worker.kill("SIGKILL");
  await worker.exitCode;
  await tell(goal("away", 30, { player: { name: "Kylian Mbappé" } }));
  await until(
    "the other worker's card",
    async () => ![before, after].includes(await cardAddress()),
  );
}, 90_000);
