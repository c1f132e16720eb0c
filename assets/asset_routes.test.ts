import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { clientAddress } from "../gateway/auth/client_address.ts";
import { HttpServer } from "../gateway/http/server.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { pause, systemClock } from "../runtime/clock.ts";
import { assetRoutes } from "./asset_routes.ts";
import { contentHash, contentName } from "./content_name.ts";

const temporary = temporaryFolder();
const folder = temporary.path("assets");
const small = new TextEncoder().encode("a flag in two bytes or so");
const large = new Uint8Array(300_000).map((_, at) => at % 251);
const text = new TextEncoder().encode(".golazo-flags-ar{}".repeat(200));
const textName = contentName("flags", text, "css");
const smallName = contentName("flags-ar@1x", small, "webp");
const largeName = contentName("flags@3x", large, "avif");
const server = new HttpServer({
  routes: assetRoutes({
    ...{ folder, clock: systemClock },
    ...{ purgeTagHeader: "Surrogate-Key", purgeTag: "golazo images" },
  }),
  clientAddress: clientAddress([]),
  clock: systemClock,
  events: silentEvents,
});
let address = "";
beforeAll(async () => {
  mkdirSync(folder);
  writeFileSync(`${folder}/${smallName}`, small);
  writeFileSync(`${folder}/${largeName}`, large);
  writeFileSync(`${folder}/${textName}`, text);
  writeFileSync(`${folder}/manifest.json`, '{"version":"1"}');
  writeFileSync(`${folder}/.state.json`, "{}");
  writeFileSync(`${folder}/notes.txt`, "not built");
  writeFileSync(temporary.path("secret"), "secret");
  symlinkSync(temporary.path("secret"), `${folder}/link.aaaaaaaaaaaa.txt`);
  mkdirSync(`${folder}/folder.aaaaaaaaaaaa.json`);
  execFileSync("mkfifo", [`${folder}/pipe.aaaaaaaaaaaa.json`]);
  const port = await server.listen({ host: "127.0.0.1", port: 0, reusePort: false });
  address = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await server.stop(100);
  temporary.remove();
});

const get = (name: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${address}/assets/${name}`, { headers, method });
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
/** Descriptors of this process that lead into the folder. */
const openFiles = () =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  });

/** As written, without what `fetch` makes of a path. */
function statusOf(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(address);
    request({ host, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    }).on("error", reject).end();
  });
}

describe("assetRoutes", () => {
  test("gives a hashed file for a year, to anybody, with what a CDN purges by", async () => {
    const response = await get(smallName);
    expect(response.status).toBe(200);
    expect(await bytesOf(response)).toEqual(small);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/webp",
      "content-length": `${small.length}`,
      "cache-control": "public, max-age=31536000, immutable",
      etag: `"${contentHash(small)}"`,
      "accept-ranges": "bytes",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
      "surrogate-key": "golazo images",
    });
    expect(response.headers.get("vary")).toBeNull();
  });

  test("streams a large file whole, to many at once, and closes it each time", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(largeName)));
    for (const answer of answers) expect(await bytesOf(answer)).toEqual(large);
    const heads = await Promise.all(Array.from({ length: 20 }, () => get(largeName, {}, "HEAD")));
    for (const head of heads) {
      expect(head.headers.get("content-length")).toBe("300000");
      expect((await bytesOf(head)).length).toBe(0);
    }
    const gone = new AbortController();
    const cut = await fetch(`${address}/assets/${largeName}`, { signal: gone.signal });
    gone.abort();
    await cut.arrayBuffer().catch(() => {});
    for (let turn = 0; turn < 100 && openFiles().length > 0; turn++) {
      await pause(systemClock, 10);
    }
    expect(openFiles()).toEqual([]);
  });

  test("says the manifest's state in seconds, and a strong tag that follows its content", async () => {
    const first = await get("manifest.json");
    expect(first.headers.get("cache-control")).toBe(
      "public, max-age=30, stale-while-revalidate=300",
    );
    expect(first.headers.get("content-type")).toBe("application/json; charset=utf-8");
    const etag = first.headers.get("etag")!;
    expect(etag).toMatch(/^"[a-z2-7]{12}"$/);
    expect(await first.json()).toEqual({ version: "1" });
    expect((await get("manifest.json", { "if-none-match": etag })).status).toBe(304);
    writeFileSync(`${folder}/aside`, '{"version":"2"}');
    renameSync(`${folder}/aside`, `${folder}/manifest.json`);
    const second = await get("manifest.json", { "if-none-match": etag });
    expect(second.status).toBe(200);
    expect(await second.json()).toEqual({ version: "2" });
  });

  test("answers 304 without a body to whoever has it", async () => {
    const etag = `"${contentHash(large)}"`;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const response = await get(largeName, { "if-none-match": known });
      expect(response.status, known).toBe(304);
      expect(response.headers.get("etag")).toBe(etag);
      expect((await bytesOf(response)).length).toBe(0);
    }
    expect((await get(largeName, { "if-none-match": '"other"' })).status).toBe(200);
  });

  test("answers one range, and the whole to what is no range of this file", async () => {
    const part = await get(largeName, { range: "bytes=100-299999999" });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe("bytes 100-299999/300000");
    expect(await bytesOf(part)).toEqual(large.subarray(100));
    const tail = await get(smallName, { range: "bytes=-4" });
    expect(tail.status).toBe(206);
    expect(await bytesOf(tail)).toEqual(small.subarray(-4));
    const beyond = await get(largeName, { range: "bytes=300000-" });
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get("content-range")).toBe("bytes */300000");
    const stale = { range: "bytes=0-9", "if-range": '"other"' };
    expect((await get(largeName, stale)).status).toBe(200);
    const current = { range: "bytes=0-9", "if-range": `"${contentHash(large)}"` };
    expect((await get(largeName, current)).status).toBe(206);
    expect((await get(largeName, { range: "bytes=0-1,5-6" })).status).toBe(200);
  });

  test("sends text compressed to whoever takes that, under a tag of its own", async () => {
    const zipped = await get(textName, { "accept-encoding": "gzip" });
    expect(zipped.headers.get("content-encoding")).toBe("gzip");
    expect(Number(zipped.headers.get("content-length"))).toBeLessThan(text.length / 10);
    expect(zipped.headers.get("vary")).toBe("accept-encoding");
    expect(await bytesOf(zipped)).toEqual(text);
    const plain = await get(textName, { "accept-encoding": "identity" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(plain.headers.get("vary")).toBe("accept-encoding");
    expect(plain.headers.get("etag")).toBe(`"${contentHash(text)}"`);
    const tag = zipped.headers.get("etag")!;
    expect(tag).toBe(`"${contentHash(text)}-gzip"`);
    const again = await get(textName, { "accept-encoding": "gzip", "if-none-match": tag });
    expect([again.status, again.headers.get("etag")]).toEqual([304, tag]);
    const part = await get(textName, { "accept-encoding": "gzip", range: "bytes=0-9" });
    expect([part.status, part.headers.get("content-encoding")]).toEqual([206, null]);
    expect(await bytesOf(part)).toEqual(text.subarray(0, 10));
  });

  test("shows nothing else: no list, no hidden file, no link, no way out", async () => {
    const paths = [
      "/assets",
      "/assets/",
      "/assets/.state.json",
      "/assets/notes.txt",
      "/assets/link.aaaaaaaaaaaa.txt",
      "/assets/folder.aaaaaaaaaaaa.json",
      "/assets/pipe.aaaaaaaaaaaa.json",
      "/assets/../secret",
      "/assets/..%2fsecret",
      "/assets/%2e%2e/secret",
      `/assets//${smallName}`,
      `/assets/./../assets/${smallName}x`,
      `/assets/${smallName}%00`,
      `/assets/${smallName.toUpperCase()}`,
    ];
    for (const path of paths) expect(await statusOf(path), path).toBe(404);
    expect((await get(smallName, {}, "POST")).status).toBe(404);
  });

  test("is there before the first build", async () => {
    const [route] = assetRoutes({ folder: temporary.path("later"), clock: systemClock });
    const reply = await route!.answer({
      params: { rest: "manifest.json" },
      headers: new Headers(),
    } as never);
    expect(reply.status).toBe(404);
  });
});
