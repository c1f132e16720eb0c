import { afterAll, beforeAll, describe } from "vitest";
import { pause, systemClock } from "../../runtime/clock.ts";
import { describeBodiesContract } from "../contract/bodies.contract.ts";
import { describeBrokerContract } from "../contract/broker.contract.ts";
import { describeCellContract } from "../contract/cell.contract.ts";
import { describeRankingContract } from "../contract/ranking.contract.ts";
import { describeStreamContract } from "../contract/stream.contract.ts";
import { startCluster } from "./cluster_test_kit.ts";
import { RedisBodies } from "./redis_bodies.ts";
import { RedisBroker } from "./redis_broker.ts";
import { RedisCell } from "./redis_cell.ts";
import { RedisClient } from "./redis_client.ts";
import { openTestClient, someRedis, wipe } from "./redis_test_kit.ts";
import { RedisRanking } from "./redis_ranking.ts";
import { RedisStream } from "./redis_stream.ts";

describeOn("a single Redis", someRedis);
describeOn("a Redis Cluster", startCluster);

function describeOn(
  what: string,
  start: () => Promise<{ url: string; stop(): Promise<void> }>,
): void {
  describe(what, () => {
    let server: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.stop());

    /** Stores in a namespace of their own; `reopen` connects anew to the same. */
    async function open<S>(build: (parts: Awaited<ReturnType<typeof openTestClient>>) => S) {
      const parts = await openTestClient(server.url);
      let client = parts.client;
      return {
        ...parts,
        store: build(parts),
        async close() {
          await wipe(client, parts.keys);
          client.close();
        },
        async reopen() {
          client.close();
          client = await RedisClient.open({ url: server.url, ...parts });
          return build({ ...parts, client });
        },
      };
    }

    describeStreamContract("RedisStream", async () => {
      const opened = await open(({ client, keys, random }) =>
        new RedisStream(client, keys, random)
      );
      const broker = new RedisBroker({ ...opened, historyOf: (channel) => `channel/${channel}` });
      return {
        ...opened,
        broker,
        close() {
          broker.close();
          return opened.close();
        },
      };
    });

    describeCellContract("RedisCell", async () => {
      const opened = await open(({ client, keys }) => new RedisCell(client, keys));
      return {
        ...opened,
        expireMs: 150,
        elapse: (ms) => pause(systemClock, ms),
        wipe: () => wipe(opened.client, opened.keys),
      };
    });

    describeBodiesContract("RedisBodies", async () => {
      const opened = await open(({ client, keys }) => new RedisBodies(client, keys));
      return { ...opened, bodies: opened.store };
    });

    describeBrokerContract("RedisBroker", async () => {
      const parts = await openTestClient(server.url);
      const broker = new RedisBroker({ ...parts, historyOf: (channel) => `channel/${channel}` });
      return {
        broker,
        close() {
          broker.close();
          parts.client.close();
          return Promise.resolve();
        },
      };
    });

    describeRankingContract("RedisRanking", async () => {
      const opened = await open(({ client, keys }) => new RedisRanking(client, keys));
      return {
        ...opened,
        forgetful: new RedisRanking(opened.client, opened.keys, 50),
        elapse: (ms) => pause(systemClock, ms),
      };
    });
  });
}
