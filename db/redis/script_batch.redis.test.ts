/** Many asked in one turn, of one Redis and of a Cluster: one command, and an answer for each. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AppendResult } from "../../actors/ports/stream.ts";
import { limits } from "../../runtime/limits.ts";
import { payload } from "../contract/payload.ts";
import { startCluster } from "./cluster_test_kit.ts";
import { partitionOfName } from "./keys.ts";
import { RedisCell } from "./redis_cell.ts";
import { RedisStream } from "./redis_stream.ts";
import { openTestClient, startRedis, wipe } from "./redis_test_kit.ts";

type Parts = Awaited<ReturnType<typeof openTestClient>>;

const MANY = Array.from({ length: 3 * limits.redisBatchMax + 5 }, (_, match) => `m-${match}`);
const ledger = (match: string) => `ledger/match/${match}`;

describeOn("a single Redis", startRedis, () => Math.ceil(MANY.length / limits.redisBatchMax));
describeOn("a Redis Cluster", startCluster, () => new Set(MANY.map(partitionOfName)).size);

function describeOn(
  what: string,
  start: () => Promise<{ url: string; stop(): Promise<void> }>,
  /** How many commands MANY need. */
  commands: () => number,
): void {
  describe(`what is asked of ${what} in one turn`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    let parts: Parts;
    let stream: RedisStream;
    let cells: RedisCell;
    beforeAll(async () => {
      server = await start();
      parts = await openTestClient(server.url);
      stream = new RedisStream(parts.client, parts.keys, parts.random);
      cells = new RedisCell(parts.client, parts.keys);
    });
    afterAll(async () => {
      await wipe(parts.client, parts.keys);
      parts.client.close();
      await server.stop();
    });

    const append = (match: string, fence: number, expectedTop: number): Promise<AppendResult> =>
      stream.append(ledger(match), { fence, expectedTop, entries: [payload(match)] });

    test("goes as few commands, and everyone gets his own answer", async () => {
      const before = await scriptsRun(parts);
      const first = await Promise.all(MANY.map((match, at) => append(match, 5, at % 3 ? 0 : 9)));
      expect(await scriptsRun(parts) - before).toBe(commands());
      for (const [at, match] of MANY.entries()) {
        const outcome = at % 3 ? "appended" : "gap";
        expect(first[at]).toMatchObject({ outcome, top: at % 3 ? 1 : 0 });
        const held = await stream.read(ledger(match), 0, 10);
        expect(held.map(({ bytes }) => bytes)).toEqual(at % 3 ? [payload(match)] : []);
      }
      const epochs = first.map((result) => "epoch" in result ? result.epoch : "");
      expect(new Set(epochs).size).toBe(MANY.length);
    });

    test("keeps its order for each stream, and judges each by what went before", async () => {
      const asked = [append("o", 5, 0), append("o", 5, 1), append("o", 4, 2), append("o", 5, 1)];
      expect((await Promise.all(asked)).map(({ outcome }) => outcome))
        .toEqual(["appended", "appended", "fenced", "ahead"]);
      const puts = [7, 6, 8, 7].map((fence) =>
        cells.put("snapshot/o", payload(`${fence}`), { fence })
      );
      expect(await Promise.all(puts)).toEqual(["put", "fenced", "put", "fenced"]);
      const held = await cells.get("snapshot/o");
      expect([String(held!.bytes), held!.fence]).toEqual(["8", 8]);
    });

    test("fails alone where it alone cannot be done", async () => {
      // Three of one partition, which go together on a Cluster too.
      const [bad, ...good] = samePartition(3);
      await parts.client.run("set", parts.keys.head(ledger(bad!)), "no hash");
      await parts.client.run("set", parts.keys.cell(`snapshot/${bad}`), "no hash");
      const appends = await Promise.allSettled(
        [good[0]!, bad!, good[1]!].map((match) => append(match, 1, 0)),
      );
      expect(appends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(String((appends[1] as PromiseRejectedResult).reason)).toMatch(/WRONGTYPE/);
      const puts = await Promise.allSettled(
        [good[0]!, bad!, good[1]!].map((match) =>
          cells.put(`snapshot/${match}`, payload(match), { fence: 1 })
        ),
      );
      expect(puts.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    });

    test("fails as a whole where there is no connection", async () => {
      const { client, keys, random } = await openTestClient(server.url);
      const cut = new RedisStream(client, keys, random);
      client.close();
      const asked = MANY.map((match) => cut.push(`intake/${match}`, [payload("x")]));
      for (const { status, ...how } of await Promise.allSettled(asked)) {
        expect({ status, ...how }).toMatchObject({
          status: "rejected",
          reason: { code: "storeUnavailable", retryable: true },
        });
      }
    });
  });
}

function samePartition(count: number): string[] {
  const all = Array.from({ length: 1_000 }, (_, at) => `s-${at}`);
  return all.filter((id) => partitionOfName(id) === partitionOfName(all[0]!)).slice(0, count);
}

/** On every server, by EVAL or by its hash. */
async function scriptsRun({ client }: Parts): Promise<number> {
  const answers = await client.runEverywhere("info", "commandstats");
  const calls = [...answers.values()].flatMap((answer) =>
    [...String(answer).matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].map(([, count]) =>
      Number(count)
    )
  );
  return calls.reduce((sum, count) => sum + count, 0);
}
