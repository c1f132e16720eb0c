/**
 * A whole server and its moderators over HTTP: a ban in force on sockets and in
 * rooms, a purge in all of them, a user's case, pictures, and the audit held
 * against what somebody did to its database.
 */
import { Buffer } from "node:buffer";
import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { until } from "../drills/until.ts";
import { secretKey } from "../gateway/auth/secret_key.ts";
import { TokenSigner } from "../gateway/auth/token_signer.ts";
import { Fan } from "../gateway/testing/fan.ts";
import { closeCode } from "../protocol/close_code.ts";
import { systemClock } from "../runtime/clock.ts";
import { systemRandom } from "../runtime/random.ts";
import { type Program, programs, ROOT, THIS_RUNTIME } from "./main_test_kit.ts";

const SECRET = "a token secret of at least 32 bytes";
const { start, folder } = programs();
let server: Program;
let address: string;
let signer: TokenSigner;
let asked = 0;

beforeAll(async () => {
  const secret = await secretKey(new TextEncoder().encode(SECRET));
  const terms = { issuer: null, audience: null, subjectClaim: "sub", roleClaim: "role" };
  signer = new TokenSigner({ secret, terms, clock: systemClock, random: systemRandom });
  server = start([], {
    settings: {
      ...{ GOLAZO_TOKEN_SECRET: SECRET, GOLAZO_REPLAY_SPEED: "0", GOLAZO_CARDS: "off" },
      GOLAZO_DATA: folder.path("data"),
    },
  });
  address = (await server.says(/listening (http:\S+)/))[1]!;
}, 60_000);

type Role = Parameters<TokenSigner["sign"]>[1];

/** `who` is `mo:moderator`; empty: nobody. */
async function ask(who: string, method: string, path: string, body?: unknown) {
  const [subject = "", role = "fan"] = who.split(":");
  const token = who === "" ? null : (await signer.sign(subject, role as Role, 3_600_000)).token;
  const reply = await fetch(address + path, {
    method,
    redirect: "manual",
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...body === undefined
      ? {}
      : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) },
  });
  const text = await reply.text();
  const isJson = reply.headers.get("content-type")?.includes("json");
  return { status: reply.status, headers: reply.headers, json: isJson ? JSON.parse(text) : null };
}
const act = (who: string, action: string, target: string, more: object = {}) =>
  ask(who, "POST", "/api/mod/actions", {
    ...{ room: "global", action, target, reason: "why", clientId: `c${++asked}` },
    ...more,
  });
const post = (who: string, room: string, text: string) =>
  ask(who, "POST", `/api/rooms/${room}/messages`, { text, clientId: `p${++asked}` });
const textsOf = async (room: string): Promise<string> =>
  JSON.stringify((await ask("", "GET", `/api/rooms/${room}/messages`)).json);
async function enter(subject: string) {
  const { token } = await signer.sign(subject, "fan", 3_600_000);
  const { port } = new URL(address);
  const fan = await Fan.connect(Number(port));
  fan.send({ hello: { token } });
  return fan;
}

describe("moderation", () => {
  const rooms: string[] = [];
  beforeAll(async () => {
    for (const name of ["North stand", "South stand"]) {
      const made = await ask("op:operator", "POST", "/api/rooms", { name });
      expect(made.status, JSON.stringify(made.json)).toBe(201);
      rooms.push(made.json.room?.id ?? made.json.id);
    }
    for (const [index, room] of rooms.entries()) {
      expect((await post("ana", room, `MARKER of ana ${index}`)).status).toBeLessThan(300);
      expect((await post("bea", room, `hello of bea ${index}`)).status).toBeLessThan(300);
    }
  }, 30_000);

  test("is for moderators and operators alone", async () => {
    for (const path of ["rooms", "queue?room=x", "users/ana", "audit", "search?q=ana"]) {
      expect((await ask("", "GET", `/api/mod/${path}`)).status, path).toBe(401);
      const refused = await ask("ana", "GET", `/api/mod/${path}`);
      expect([refused.status, refused.json.code], path).toEqual([403, "forbidden"]);
    }
    expect((await act("ana", "banGlobally", "bea")).status).toBe(403);
    expect((await act("", "banGlobally", "bea")).status).toBe(401);
  });

  test("shows rooms, finds messages by author and by id", async () => {
    const listed = await ask("mo:moderator", "GET", "/api/mod/rooms");
    expect(listed.json.rooms.map(({ id }: { id: string }) => id).sort()).toEqual([...rooms].sort());
    expect(listed.json.rooms[0]).toMatchObject({ state: "open", held: 0, reported: 0 });
    const found = await ask("mo:moderator", "GET", "/api/mod/search?q=ana");
    expect(found.json.users).toEqual([{ user: "ana", messages: 2 }]);
    const [{ id, room, text }] = found.json.messages;
    expect(text).toContain("MARKER");
    const byId = await ask("mo:moderator", "GET", `/api/mod/search?q=${id}&room=${room}`);
    expect(byId.json.messages).toHaveLength(1);
    const queue = await ask("mo:moderator", "GET", `/api/mod/queue?room=${room}`);
    expect(queue.json).toEqual({ held: [], reported: [] });
    expect((await ask("mo:moderator", "GET", "/api/mod/queue?room=r-none")).status).toBe(404);
  });

  test("a ban without end closes sockets and takes the word; its undo gives both back", async () => {
    const cat = await enter("cat");
    await cat.next("welcome");
    expect((await post("cat", rooms[0]!, "still here")).status).toBeLessThan(300);
    const banned = await act("mo:moderator", "banGlobally", "cat");
    expect(banned.json).toMatchObject({ outcome: "ok", made: "action 1" });
    expect(await cat.closed()).toBe(closeCode.banned);
    expect(await (await enter("cat")).closed()).toBe(closeCode.banned);
    expect((await post("cat", rooms[0]!, "and now")).json.code).toBe("banned");
    const undone = await ask("mo:moderator", "POST", "/api/mod/undo", {
      ...{ room: "global", action: 1, reason: "oops", clientId: "undo-1" },
    });
    expect(undone.json).toMatchObject({ outcome: "ok", made: "action 2" });
    await until(
      "the word is back",
      async () => (await post("cat", rooms[0]!, "back")).status < 300,
    );
    await (await enter("cat")).next("welcome");
  });

  test("a ban that ends leaves the socket and takes the word", async () => {
    const dan = await enter("dan");
    await dan.next("welcome");
    const { json } = await act("mo:moderator", "banGlobally", "dan", {
      until: systemClock.now() + 60_000,
    });
    expect(json.outcome).toBe("ok");
    await until("no word", async () => (await post("dan", rooms[0]!, "x")).json?.code === "banned");
    expect(dan.closedWith).toBeNull();
    dan.socket.close();
  });

  test("nobody acts on superiors, equals or in their own case", async () => {
    // Whoever was seen with a role is known by it.
    await ask("mi:moderator", "GET", "/api/mod/audit");
    await ask("op:operator", "GET", "/api/mod/audit");
    for (const [target, code] of [["op", "superior"], ["mi", "superior"], ["mo", "ownCase"]]) {
      const refused = await act("mo:moderator", "banGlobally", target!);
      expect([refused.status, refused.json.code], target).toEqual([403, code]);
    }
  });

  test("a purge in all rooms asks once more, and then nothing is left", async () => {
    const first = await act("mo:moderator", "purge", "ana");
    expect([first.status, first.json.code]).toEqual([409, "confirmNeeded"]);
    expect((await act("mo:moderator", "purge", "ana", { confirm: true })).json.outcome).toBe("ok");
    for (const room of rooms) {
      await until("it is gone", async () => !(await textsOf(room)).includes("MARKER"));
      expect(await textsOf(room)).toContain("hello of bea");
    }
    const audit = () => ask("mo:moderator", "GET", `/api/mod/audit?owner=room%20${rooms[0]}`);
    await until("SQL has its row", async () => (await audit()).json.actions.length === 1);
    expect((await audit()).json.actions).toMatchObject([{ row: { kind: "purge", target: "ana" } }]);
  }, 20_000);

  test("pictures: sent, shown, taken down with a row of the audit", async () => {
    const picture = await sharp({
      create: { width: 300, height: 200, channels: 3, background: "#0a0" },
    }).png().toBuffer();
    expect((await ask("", "POST", "/api/avatar", picture)).status).toBe(401);
    expect((await ask("eve", "POST", "/api/avatar", new Uint8Array(1_100_000))).status).toBe(413);
    const svg = new TextEncoder().encode("<svg></svg>");
    const refused = await ask("eve", "POST", "/api/avatar", svg);
    expect([refused.status, refused.json.code]).toEqual([415, "notAnImage"]);
    expect((await ask("", "GET", "/api/users/eve/avatar")).status).toBe(404);
    const sent = await ask("eve", "POST", "/api/avatar", picture);
    expect(sent.status, JSON.stringify(sent.json)).toBe(201);
    const shown = await ask("", "GET", "/api/users/eve/avatar?size=128");
    const place = shown.headers.get("location")!;
    expect([shown.status, place]).toEqual([302, sent.json.avatar[128]]);
    const image = await fetch(address + place);
    expect(image.headers.get("cache-control")).toContain("immutable");
    expect((await sharp(Buffer.from(await image.arrayBuffer())).metadata()).width).toBe(128);
    expect((await ask("bea", "DELETE", "/api/users/eve/avatar")).json.code).toBe("forbidden");
    const down = await ask("mo:moderator", "DELETE", "/api/users/eve/avatar?reason=rude");
    expect(down.status, JSON.stringify(down.json)).toBe(204);
    expect((await fetch(address + place)).status).toBe(404);
    await until("it is in the case", async () => {
      const { json } = await ask("mo:moderator", "GET", "/api/mod/users/eve");
      return json.actions.length === 1;
    });
    const { json } = await ask("mo:moderator", "GET", "/api/mod/users/eve");
    expect(json).toMatchObject({
      ...{ user: "eve", role: "fan", before: null },
      actions: [{ owner: "global", row: { kind: "removeAvatar", reason: "rude", after: null } }],
    });
    expect(place).toContain(json.actions[0].row.before);
  }, 20_000);

  describe("deno task audit verify", () => {
    const verify = async (settings: Record<string, string> = {}) => {
      const program = start(["verify"], {
        runtime: THIS_RUNTIME,
        program: `${ROOT}ops/commands/audit.ts`,
        settings: { GOLAZO_DATA: folder.path("data"), ...settings },
      });
      return { code: await program.exitCode, said: program.said() };
    };
    const change = (statement: string) => {
      const file = new SqliteFile(folder.path("data/golazo.db"), { synchronous: "full" });
      file.define(statement);
      file.close();
    };

    test("beside a running server, and changes nothing", async () => {
      const { code, said } = await verify();
      expect([code, said]).toEqual([0, expect.stringContaining('"outcome":"whole"')]);
    }, 20_000);

    test("without the key says what it could hold against what, and what not", async () => {
      const file = new SqliteFile(folder.path("data/golazo.db"), {
        ...{ synchronous: "full", readOnly: true } as const,
      });
      const count = (table: string) =>
        file.row<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`)!.rows;
      const [rows, seals] = [count("moderation_audit"), count("audit_seal")];
      file.close();
      expect(rows).toBeGreaterThan(0);
      const key = folder.path("data/audit.key");
      renameSync(key, `${key}.away`);
      const { code, said } = await verify();
      renameSync(`${key}.away`, key);
      expect(said).toContain(`${rows} entries of`);
      expect(said).toContain("Not proved:");
      expect([code, said]).toEqual(
        seals > 0
          ? [78, expect.stringContaining(`the ${seals} seals`)]
          : [0, expect.stringContaining("no key to seal them with")],
      );
      expect(existsSync(key)).toBe(true);
    }, 20_000);

    test("names the first bad entry, and a database that is away", async () => {
      await server.stop();
      expect((await verify()).code).toBe(0);
      const before = statSync(folder.path("data/golazo.db")).mtimeMs;
      change("update moderation_audit set reason = 'none' where owner = 'global' and number = 2");
      const bad = await verify();
      expect(bad.code).toBe(1);
      expect(bad.said).toContain("global, entry 2: changed");
      change("delete from moderation_audit where owner = 'global' and number >= 2");
      expect((await verify()).said).toContain("global, entry 2: cut");
      expect(statSync(folder.path("data/golazo.db")).mtimeMs).toBeGreaterThan(before);
      const away = await verify({ DATABASE_URL: "mysql://u:p@127.0.0.1:1/golazo" });
      expect(away.code, away.said).toBe(69);
      expect((await verify({ GOLAZO_DATA: folder.path("nowhere") })).code).toBe(69);
      expect(existsSync(folder.path("nowhere"))).toBe(false);
      expect(readdirSync(folder.path("data"))).toContain("audit.key");
    }, 30_000);
  });
});
