/**
 * Processes as production runs them, with the rights of README's table on a
 * machine on which everything is here; and every token as its issuer and its
 * operators want it, on all gateways.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningRedis, startRedis } from "../db/redis/redis_test_kit.ts";
import { until } from "../drills/until.ts";
import { secretKey } from "../gateway/auth/secret_key.ts";
import { TokenSigner } from "../gateway/auth/token_signer.ts";
import { Fan } from "../gateway/testing/fan.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import { programs, ROOT } from "./main_test_kit.ts";

const SECRET = "a token secret of at least 32 bytes";
const HOUR = 3_600_000;

/** README's row, its places being those of this test. */
function rightsOf(row: string, folder = ""): string[] {
  const readme = readFileSync(`${ROOT}README.md`, "utf8");
  const [, flags] = new RegExp(`^\\| ${row} \\| \`(.*)\` \\|$`, "m").exec(readme)!;
  const rights = flags!
    .replace(/=<[^>]*>/, "=127.0.0.1")
    .replace("--allow-read=.", `--allow-read=${ROOT},${folder || ROOT}`)
    .replace("=./data", `=${folder}`);
  return rights.split(" ");
}

function runtimeOf(rights: string[]): string[] {
  const { execPath, versions } = process;
  return versions.deno === undefined ? [execPath] : [execPath, "run", "--no-prompt", ...rights];
}

const PRODUCTION = {
  GOLAZO_MODE: "production",
  GOLAZO_HOST: "127.0.0.1",
  GOLAZO_ORIGINS: "https://fans.example",
  GOLAZO_TOKEN_SECRET: SECRET,
  GOLAZO_FEED_SECRET_DEMO: `whsec_${btoa("a key of twenty-four bytes or more")}`,
  // Never spoken to by a gateway.
  DATABASE_URL: "mysql://u:p@127.0.0.1:1/golazo",
};

describe("in production", () => {
  let redis: RunningRedis;
  let signer: TokenSigner;
  const { start, folder } = programs();

  beforeAll(async () => {
    redis = await startRedis("--appendonly", "yes");
    const secret = await secretKey(new TextEncoder().encode(SECRET));
    const terms = { issuer: null, audience: null, subjectClaim: "sub", roleClaim: "role" };
    signer = new TokenSigner({ secret, terms, clock: systemClock, random: systemRandom });
  });
  afterAll(() => redis.stop());

  async function openGateway() {
    const settings = { ...PRODUCTION, REDIS_URL: redis.url };
    const program = start(["--role", "gateway"], {
      runtime: runtimeOf(rightsOf("`gateway`")),
      settings,
    });
    const [, address] = await program.says(/^listening (http:\S+)$/);
    const [, admin] = await program.says(/^admin (http:\S+)$/);
    return { program, admin: admin!, address: address!, port: Number(new URL(address!).port) };
  }

  async function revoke(admin: string, bearer: string, body: object): Promise<number> {
    const reply = await fetch(`${admin}/api/ops/revocations`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}` },
      body: JSON.stringify(body),
    });
    await reply.body?.cancel();
    return reply.status;
  }

  test("a revocation reaches every gateway and lasts", async () => {
    const [here, there] = await Promise.all([openGateway(), openGateway()]);
    const operator = (await signer.sign("boss", "operator", HOUR)).token;
    const ana = await signer.sign("ana", "fan", HOUR);
    const bea = await signer.sign("bea", "moderator", HOUR);
    const fan = await Fan.enter(there.port, { token: ana.token });
    const friend = await Fan.enter(there.port, { token: bea.token });
    expect(fan.all("welcome")).toMatchObject([{ subject: "ana", role: "fan" }]);

    expect(await revoke(here.admin, "nobody", { tokenId: ana.tokenId })).toBe(401);
    expect(await revoke(here.admin, bea.token, { tokenId: ana.tokenId })).toBe(403);
    expect(fan.closedWith).toBe(null);
    const askedAt = systemClock.monotonic();
    expect(await revoke(here.admin, operator, { tokenId: ana.tokenId })).toBe(201);
    await fan.closed();
    expect(systemClock.monotonic() - askedAt).toBeLessThan(1_000);
    expect(fan.closedWith).toEqual({ code: 4503, reason: "revoked" });

    expect(await there.program.stop()).toBe(0);
    expect(await friend.closed()).toBe(4014);
    const again = await openGateway();
    const back = await Fan.connect(again.port);
    back.send({ hello: { token: ana.token } });
    await back.closed();
    expect(back.closedWith).toEqual({ code: 4503, reason: "revoked" });
    await Fan.enter(again.port, { token: bea.token }).then(({ socket }) => socket.terminate());

    const guest = await fetch(`${again.address}/api/session`, { method: "POST" });
    expect([guest.status, (await guest.json()).code]).toEqual([403, "guestsNotOffered"]);
    await until("the refusal is counted", async () => {
      const metrics = await (await fetch(`${again.admin}/metrics`)).text();
      return /golazo_refused_total\{[^}]*reason="revoked"[^}]*\} 1/.test(metrics);
    });
    for (const { program } of [here, again]) {
      expect(await program.stop()).toBe(0);
      expect(program.said()).not.toMatch(/NotCapable|eyJ/);
    }
  });

  test("one process on its own files writes there only", async () => {
    const rights = rightsOf("`all`, on its own files", folder.path("own"));
    const settings = { ...PRODUCTION, DATABASE_URL: "", GOLAZO_DATA: folder.path("own") };
    const program = start([], { runtime: runtimeOf(rights), settings });
    const [, address] = await program.says(/^listening (http:\S+)$/);
    expect((await fetch(`${address}/api/matches`)).status).toBe(200);
    expect(await program.stop()).toBe(0);
    expect(program.said()).not.toContain("NotCapable");
  });

  test.each(["`gateway`", "`actors`", "`workers`"])(
    "%s may not write nor start anything",
    (row) => {
      const names = rightsOf(row).map((right) => right.split("=")[0]);
      expect(names).toEqual(["--allow-net", "--allow-env", "--allow-read"]);
    },
  );

  test("nobody starts half set up, and says all that is missing: exit 78", async () => {
    const settings = { GOLAZO_MODE: "production", REDIS_URL: redis.url };
    const program = start(["--role", "gateway"], {
      runtime: runtimeOf(rightsOf("`gateway`")),
      settings,
    });
    expect(await program.exitCode).toBe(78);
    const missing = ["DATABASE_URL", "GOLAZO_TOKEN_SECRET", "GOLAZO_ORIGINS"];
    for (const name of [...missing, "GOLAZO_FEED_SECRET_<PROVIDER>"]) {
      expect(program.said()).toContain(name);
    }
  });
});
