/**
 * Owners of one process over a real Redis and a real MariaDB, without the
 * placement around them: what tests of stores that go away and forget build on.
 */
import type { Fact } from "../actors/match/match_event.ts";
import { MATCH_ID } from "../actors/match/match.testing.ts";
import { ChannelHistory } from "../channels/channel_history.ts";
import type { RunningRedis } from "../db/redis/redis_test_kit.ts";
import { startRedis } from "../db/redis/redis_test_kit.ts";
import { type Mariadb, startMariadb } from "../db/sql/mariadb_test_kit.ts";
import { type MysqlSchema, mysqlSchema } from "../db/sql/mysql_test_kit.ts";
import { matchChannel } from "../protocol/channel_name.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { type Clock, systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import type { Config } from "./config.ts";
import { DeadLetters } from "./dead_letters.ts";
import { Quarantine } from "./quarantine.ts";
import { openHotStores, openSqlStores } from "./stores.ts";
import { wireHistory, wireOwners, wireReaders } from "./wiring.ts";

export interface SharedStores {
  redis: RunningRedis;
  mariadb: Mariadb;
  schema: MysqlSchema;
  stop(): Promise<void>;
}

/**
 * A MariaDB with the newest tables, and a Redis that loses nothing, or all that came after
 * `remember`.
 */
export async function startSharedStores(
  { isForgetful = false }: { isForgetful?: boolean } = {},
): Promise<SharedStores> {
  const durable = ["--appendonly", "yes", "--appendfsync", "always"];
  const [redis, mariadb] = await Promise.all([
    startRedis(...isForgetful ? [] : durable),
    startMariadb(),
  ]);
  const schema = await mysqlSchema(mariadb.url("mysql"));
  return {
    ...{ redis, mariadb, schema },
    async stop() {
      await schema.drop().catch(() => {});
      await Promise.all([redis.stop(), mariadb.stop()]);
    },
  };
}

/** What a forgetful Redis comes back with. */
export async function remember({ redis }: SharedStores): Promise<void> {
  await redis.server.tell((connection) => connection.save());
}

/** Whose time passes `times` as fast. */
export function hurriedClock(times: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() * times,
    after: (delayMs, task) => systemClock.after(delayMs / times, task),
  };
}

export type TestNode = Awaited<ReturnType<typeof beginNode>>;

export async function beginNode(
  { redis, schema }: SharedStores,
  { fence = 1, clock = systemClock }: { fence?: number; clock?: Clock } = {},
) {
  const heard: string[] = [];
  const parts = { clock, random: systemRandom, events: listening(heard) };
  const urls = { redisUrl: redis.url, databaseUrl: schema.url };
  const config = { ...urls, namespace: "test", data: "" } as Config;
  const hot = await openHotStores(config, parts);
  const sql = await openSqlStores(config, parts);
  const readers = wireReaders(hot, parts);
  const { writer, history } = wireHistory(sql, parts);
  const { matches, intakeQueue } = await wireOwners({
    ...{ hot, readers, history, quarantine: new Quarantine(), fenceOf: () => fence },
    deadLetters: new DeadLetters(hot.streams, parts.events),
  }, parts);
  return {
    ...{ hot, sql, matches, heard, writer },
    /** Through the intake to the owner, as any feed does. */
    async tell(facts: Fact[], matchId = MATCH_ID): Promise<string[]> {
      const receivedAt = clock.now();
      const deliveries = await intakeQueue.push(
        matchId,
        facts.map((fact) => ({ fact, receivedAt })),
      );
      return (await matches.deliver(matchId, deliveries)).map(({ outcome }) => outcome);
    },
    state: (matchId = MATCH_ID) =>
      matches.status().find(({ id }) => id === `match/${matchId}`)?.state,
    channel: (matchId = MATCH_ID) => new ChannelHistory(hot.channels, matchChannel(matchId)),
    /** As after SIGKILL: what it had not yet written it never writes. */
    async die() {
      await writer.drain(0);
      await Promise.all([sql.close(), hot.close()]);
      await matches.stop("it was killed");
    },
  };
}

function listening(heard: string[]): BusinessEvents {
  const listen: Partial<BusinessEvents> = {
    childRestarted: (id, reason) => void heard.push(`restarted ${id}: ${reason}`),
    childParked: (id) => void heard.push(`parked ${id}`),
    copyRebuilt: (what, reason) => void heard.push(`rebuilt ${what}: ${reason}`),
    warned: (message) => void heard.push(message),
  };
  return Object.assign(Object.create(silentEvents), listen);
}
