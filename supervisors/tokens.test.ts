import { afterAll, beforeEach, expect, test } from "vitest";
import { eventsInto } from "../gateway/testing/test_gateway.ts";
import { limits } from "../runtime/limits.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteCell } from "../db/embedded/sqlite_cell.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { openTokens, type Tokens, tokenSigner } from "./tokens.ts";
import { parseConfig } from "./config.ts";

const TOKEN_SECRET = "a token secret of at least 32 bytes";
const PRODUCTION = {
  GOLAZO_MODE: "production",
  GOLAZO_ORIGINS: "https://fans.example",
  GOLAZO_FEED_SECRET_DEMO: `whsec_${btoa("a key of twenty-four bytes or more")}`,
};
const folder = temporaryFolder();
const opened: (() => void)[] = [];
let events: string[];
beforeEach(() => {
  events = [];
});
afterAll(() => {
  for (const close of opened) close();
  folder.remove();
});

function optionsOf(env: Record<string, string>, operatorToken: string | null = "operator") {
  const config = parseConfig({ argv: [], env, readFile: () => null });
  const parts = {
    clock: new SimulatedClock(),
    random: seededRandom(opened.length),
    events: eventsInto(events),
  };
  return { config, operatorToken, parts };
}

async function open(options: ReturnType<typeof optionsOf>): Promise<Tokens> {
  const file = new SqliteFile(folder.path(`${opened.length}.db`), { synchronous: "off" });
  const { clock, events } = options.parts;
  const stores = { cells: new SqliteCell(file, clock), broker: new MemoryBroker(events) };
  const tokens = await openTokens(options, stores);
  opened.push(() => {
    tokens.revocations.close();
    file.close();
  });
  return tokens;
}

test("in development a server believes the tokens of its own folder and no other", async () => {
  const options = optionsOf({});
  const here = await open(options);
  const { token } = (await here.signer!.guest(limits.guestTokenMs))!;
  expect(await here.verifyToken(token)).toMatchObject({ role: "fan" });
  const same = await tokenSigner(optionsOf({}));
  expect(await here.verifyToken((await same!.sign("ana", "operator", 60_000)).token))
    .toMatchObject({ subject: "ana", role: "operator" });
  const elsewhere = await open(optionsOf({}, "another operator"));
  expect(await elsewhere.verifyToken(token)).toEqual({ refused: "badSignature" });
});

test("tokens of our own say what the settings ask for", async () => {
  const env = {
    GOLAZO_TOKEN_SECRET: TOKEN_SECRET,
    GOLAZO_TOKEN_ISSUER: "https://id.example",
    GOLAZO_TOKEN_AUDIENCE: "golazo",
    GOLAZO_TOKEN_SUBJECT_CLAIM: "uid",
    GOLAZO_TOKEN_ROLE_CLAIM: "part",
  };
  const { signer, verifyToken } = await open(optionsOf(env));
  const { token } = await signer!.sign("ana", "moderator", 60_000);
  expect(await verifyToken(token)).toMatchObject({ subject: "ana", role: "moderator" });
  const plain = await tokenSigner(optionsOf({ GOLAZO_TOKEN_SECRET: TOKEN_SECRET }));
  const other = await plain!.sign("ana", "moderator", 60_000);
  expect(await verifyToken(other.token)).toEqual({ refused: "foreignIssuer" });
});

test("a revoked token is refused, one issued later is not", async () => {
  const options = optionsOf({ GOLAZO_TOKEN_SECRET: TOKEN_SECRET });
  const { signer, verifyToken, revocations } = await open(options);
  const { clock } = options.parts;
  const first = await signer!.sign("ana", "fan", 60_000);
  await clock.advance(1_000);
  const until = clock.now() + 60_000;
  await revocations.revoke({ subject: "ana", issuedBefore: clock.now(), until });
  const second = await signer!.sign("ana", "fan", 60_000);
  expect(await verifyToken(first.token)).toEqual({ refused: "revoked" });
  expect(await verifyToken(second.token)).toMatchObject({ subject: "ana" });
  await revocations.revoke({ tokenId: second.tokenId, until });
  expect(await verifyToken(second.token)).toEqual({ refused: "revoked" });
});

test("in production nothing is signed here", async () => {
  const { signer } = await open(
    optionsOf({ ...PRODUCTION, GOLAZO_TOKEN_SECRET: TOKEN_SECRET }, null),
  );
  expect(signer).toBe(null);
});

test("an issuer's keys alone, without saying for whom, are taken with a warning", async () => {
  const env = { ...PRODUCTION, GOLAZO_JWKS_URL: "http://127.0.0.1:1/jwks" };
  const { signer, verifyToken } = await open(optionsOf(env, null));
  expect(signer).toBe(null);
  expect(events.join()).toMatch(/set GOLAZO_TOKEN_ISSUER and GOLAZO_TOKEN_AUDIENCE/);
  const token = (await (await tokenSigner(optionsOf({})))!.guest(60_000)).token;
  expect(await verifyToken(token)).toEqual({ refused: "badAlgorithm" });
  events = [];
  await open(optionsOf({ ...env, GOLAZO_TOKEN_ISSUER: "i", GOLAZO_TOKEN_AUDIENCE: "a" }, null));
  expect(events).toEqual([]);
});
