import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { parseConfig } from "./config.ts";
import { startPatiently } from "./patient_start.ts";
import { Starting } from "./starting.ts";

const NOBODY = "redis://127.0.0.1:1";

function begin(env: Record<string, string>, patienceMs: number) {
  const folder = temporaryFolder();
  const said: { event: string; reason: string; admin: string }[] = [];
  const config = parseConfig({
    argv: [],
    env: { PORT: "0", ADMIN_LISTEN: "127.0.0.1:0", GOLAZO_DATA: folder.path("data"), ...env },
    readFile: () => null,
  });
  const log = {
    say: (_level: string, event: string, fields = {}) =>
      void said.push({ event, ...fields as { reason: string; admin: string } }),
  };
  const starting = new Starting((signal) =>
    startPatiently({ config, log, write: () => {}, signal, patienceMs })
  );
  const waits = async () => {
    while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    return said[0]!;
  };
  return { starting, said, waits, folder };
}

describe("startPatiently", () => {
  test("tells meanwhile that it is alive, not ready, and what it waits for", async () => {
    const { starting, waits, folder } = begin({ REDIS_URL: NOBODY }, 60_000);
    const { event, reason, admin } = await waits();
    expect(event).toBe("start.waits");
    expect(reason).toContain("Cannot use the Redis at redis://127.0.0.1:1 (REDIS_URL)");
    expect((await fetch(`${admin}/healthz`)).status).toBe(200);
    const reply = await fetch(`${admin}/readyz`);
    expect(reply.status).toBe(503);
    expect(await reply.json()).toEqual({
      status: "failed",
      checks: [{ name: "start", state: "failed", detail: reason }],
    });
    await starting.stop("enough");
    expect(await starting.started).toBeNull();
    expect(await starting.exited).toEqual({ kind: "shutdown" });
    await expect(fetch(`${admin}/healthz`)).rejects.toThrow();
    folder.remove();
  });

  test("gives up past its patience, saying once what it waited for", async () => {
    const { starting, said, folder } = begin(
      { DATABASE_URL: "mysql://u:p@127.0.0.1:1/golazo" },
      700,
    );
    await expect(starting.started).rejects.toMatchObject({
      code: "storeUnavailable",
      message: expect.stringMatching(
        /^Cannot start after 0.7 s of waiting: Cannot use the database golazo at 127\.0\.0\.1:1 \(DATABASE_URL\)/,
      ),
    });
    expect(said.length).toBeLessThan(2);
    folder.remove();
  });

  test("does not wait for what no waiting cures", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const { starting, said, folder } = begin(
      { GOLAZO_HOST: "127.0.0.1", PORT: `${port}`, GOLAZO_REPLAY_SPEED: "0" },
      60_000,
    );
    await expect(starting.started).rejects.toMatchObject({
      code: "childNotStarted",
      cause: { code: "cannotListen" },
    });
    expect(said).toEqual([]);
    other.close();
    folder.remove();
  });

  test("a server that starts at once is stopped through it", async () => {
    const { starting, folder } = begin({ GOLAZO_REPLAY_SPEED: "0" }, 60_000);
    const golazo = await starting.started;
    expect((await fetch(`${golazo!.adminAddress}/readyz`)).status).toBe(200);
    await starting.stop("over");
    expect(await starting.exited).toEqual({ kind: "shutdown" });
    folder.remove();
  });
});
