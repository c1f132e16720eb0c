/** A whole process whose lease passed to another for a moment: it begins again, where clients know it. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { until } from "../drills/until.ts";
import { limits } from "../runtime/limits.ts";
import { programs } from "./main_test_kit.ts";

const { start, folder } = programs();

test("a server that loses its lease comes back at the same addresses", async () => {
  const data = folder.path("data");
  const server = start([], { settings: { GOLAZO_DATA: data } });
  const [, address] = await server.says(/^listening (http:\S+)$/);
  const [, admin] = await server.says(/^admin (http:\S+)/);
  const hot = new SqliteFile(join(data, "hot.db"), { synchronous: "full" });
  const steal = "UPDATE lease SET holder = 'a thief', expires_at = ? WHERE key = 'lease/all'";
  expect(hot.run(steal, Date.now() + 2 * limits.leaseMs)).toBe(1);
  hot.close();
  await server.says(/child\.restarted id=lease .*it passed to another/);
  const answers = (url: string) => fetch(url).then((reply) => reply.status === 200, () => false);
  const paths = [`${address}/api/matches`, `${admin}/readyz`];
  for (const url of paths) await until(`${url} is gone`, async () => !await answers(url), 10_000);
  for (const url of paths) await until(`${url} is back`, () => answers(url), 30_000);
  expect(await server.stop()).toBe(0);
});
