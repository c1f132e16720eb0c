import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assetRoutes } from "../../assets/asset_routes.ts";
import { contentName } from "../../assets/content_name.ts";
import { temporaryFolder } from "../../db/embedded/temporary_folder.ts";
import { clientAddress } from "../../gateway/auth/client_address.ts";
import { HttpServer } from "../../gateway/http/server.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import {
  type HttpRequest,
  jsonReply,
  type RequestHeaders,
  type Route,
} from "../../runtime/http_route.ts";
import { NginxProcess } from "./nginx_process.ts";

const CLIENTS = 200;
/** Long enough that all clients ask before the origin has answered the first. */
const ORIGIN_MS = 100;

const temporary = temporaryFolder();
const folder = temporary.path("assets");
const asked: { name: string; method: string; headers: RequestHeaders }[] = [];
let origin: HttpServer;
let nginx: NginxProcess;

const sheet = new Uint8Array(200_000).map((_, at) => at % 251);
const names = ["flags@1x", "flags@2x"].map((stem) => contentName(stem, sheet, "webp"));
const askedFor = (name: string) => asked.filter((request) => request.name === name).length;

beforeAll(async () => {
  mkdirSync(folder);
  for (const name of names) writeFileSync(`${folder}/${name}`, sheet);
  writeManifest(1);
  const [route] = assetRoutes({ folder, clock: systemClock, purgeTagHeader: "Surrogate-Key" });
  origin = new HttpServer({
    routes: [slow(route!), {
      method: "GET",
      path: "/api/secret",
      answer: () => jsonReply("secret"),
    }],
    clientAddress: clientAddress([]),
    clock: systemClock,
    events: silentEvents,
  });
  const port = await origin.listen({ host: "127.0.0.1", port: 0, reusePort: false });
  nginx = await NginxProcess.start(port);
});
afterAll(async () => {
  await nginx.stop();
  await origin.stop(100);
  temporary.remove();
});

function slow(route: Route): Route {
  return {
    ...route,
    async answer(request: HttpRequest) {
      const { params: { rest = "" }, headers, method } = request;
      asked.push({ name: rest, method, headers });
      await pause(systemClock, ORIGIN_MS);
      return route.answer(request);
    },
  };
}

function writeManifest(version: number): void {
  writeFileSync(`${folder}/aside`, JSON.stringify({ version }));
  renameSync(`${folder}/aside`, `${folder}/manifest.json`);
}

const get = (name: string, headers: Record<string, string> = {}) =>
  fetch(`${nginx.address}/assets/${name}`, { headers });
const crowd = <T>(one: () => Promise<T>) => Promise.all(Array.from({ length: CLIENTS }, one));

describe("ops/cdn/nginx.conf", () => {
  test("a cold crowd costs the origin one request a file, also while a build replaces the manifest", async () => {
    const replaced = pause(systemClock, ORIGIN_MS / 2).then(() => writeManifest(2));
    const answers = await crowd(() =>
      Promise.all([...names, "manifest.json"].map(async (name) => {
        const answer = await get(name);
        expect(answer.status).toBe(200);
        return new Uint8Array(await answer.arrayBuffer());
      }))
    );
    await replaced;
    for (const [first, second] of answers) {
      expect(Buffer.compare(first!, sheet)).toBe(0);
      expect(Buffer.compare(second!, sheet)).toBe(0);
    }
    const manifests = new Set(answers.map(([, , bytes]) => new TextDecoder().decode(bytes)));
    expect([...manifests]).toEqual(['{"version":2}']);
    for (const name of [...names, "manifest.json"]) expect(askedFor(name), name).toBe(1);
  });

  test("what it kept it answers by itself: whole, part, 304, HEAD, with all that the origin said", async () => {
    const [name] = names as [string];
    const before = asked.length;
    const whole = await get(name, { cookie: "who=me" });
    await whole.arrayBuffer();
    expect(whole.headers.get("x-cache")).toBe("HIT");
    expect(whole.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(whole.headers.get("access-control-allow-origin")).toBe("*");
    expect(whole.headers.get("surrogate-key")).toBe("golazo-assets");
    const etag = whole.headers.get("etag")!;
    expect(etag).toMatch(/^"[a-z2-7]{12}"$/);
    expect((await get(name, { "if-none-match": etag })).status).toBe(304);
    const part = await get(name, { range: "bytes=10-19" });
    expect(part.status).toBe(206);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(sheet.subarray(10, 20));
    const head = await fetch(`${nginx.address}/assets/${name}`, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(`${sheet.length}`);
    // Behind a question mark there is nothing that would make it another file.
    expect((await get(`${name}?a=${Math.random()}`)).headers.get("x-cache")).toBe("HIT");
    expect(asked.length).toBe(before);
  });

  test("passes nothing on that is not an image's: no other path, no method, no cookie", async () => {
    expect((await fetch(`${nginx.address}/api/secret`)).status).toBe(404);
    expect((await fetch(`${nginx.address}/assets/../api/secret`)).status).toBe(404);
    expect((await fetch(`${nginx.address}/assets/%2e%2e/api/secret`)).status).toBe(404);
    const post = await fetch(`${nginx.address}/assets/${names[0]}`, { method: "POST" });
    expect(post.status).toBe(403);
    await get("gone.aaaaaaaaaaaa.webp", { cookie: "who=me", authorization: "Bearer x" });
    expect(asked.at(-1)!.headers.get("cookie")).toBeNull();
    expect(asked.at(-1)!.headers.get("authorization")).toBeNull();
    await get("gone.aaaaaaaaaaaa.webp");
    expect(askedFor("gone.aaaaaaaaaaaa.webp")).toBe(2);
  });

  test("gives out what it has while the origin is away", async () => {
    await origin.stop(10);
    for (const name of [...names, "manifest.json"]) {
      const answer = await get(name);
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    }
  });
});
