import { test } from "vitest";
import { openTestClient, startCluster, startRedis, wipe } from "./redis_test_kit.ts";
import { RedisStream } from "./redis_stream.ts";
test("kit", async () => {
  let t = performance.now();
  const r = await startRedis();
  console.log("single", performance.now() - t);
  {
    const { client, keys, random } = await openTestClient(r.url);
    const s = new RedisStream(client, keys, random);
    console.log(
      await s.append("channel/a", {
        fence: 1,
        expectedTop: 0,
        entries: [Uint8Array.of(1, 2)],
        publish: { channel: "a", payloads: [Uint8Array.of(1)] },
      }),
      await s.position("channel/a"),
      await s.names(""),
      await s.read("channel/a", 0, 10),
    );
    await wipe(client, keys);
    console.log(await s.names(""));
    client.close();
  }
  await r.stop();
  t = performance.now();
  const c = await startCluster();
  console.log("cluster", performance.now() - t);
  t = performance.now();
  const { client, keys, random } = await openTestClient(c.url);
  console.log("client", performance.now() - t);
  const s = new RedisStream(client, keys, random);
  console.log(
    await s.append("channel/a", {
      fence: 1,
      expectedTop: 0,
      entries: [Uint8Array.of(1, 2)],
      publish: { channel: "a", payloads: [Uint8Array.of(1)] },
    }),
    await s.position("channel/a"),
    await s.names(""),
    await s.read("channel/a", 0, 10),
  );
  client.close();
  await c.stop();
});
