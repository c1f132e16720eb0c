/**
 * The images of a real server, as a CDN and a hostile stranger ask for them.
 */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { contentName, MANIFEST } from "../assets/content_name.ts";
import { encodeJson, manifestOf } from "../assets/manifest.ts";
import { programs } from "./main_test_kit.ts";

const started = programs();
const image = new Uint8Array(200_000).map((_, at) => at % 251);
const imageName = contentName("flags@3x", image, "webp");
const css = new TextEncoder().encode(".golazo-flags-ar{}".repeat(500));
const cssName = contentName("flags", css, "css");
let address = "";
let manifestBytes: Uint8Array;

beforeAll(async () => {
  const data = started.folder.path("data-1");
  const folder = join(data, "assets");
  mkdirSync(folder, { recursive: true });
  manifestBytes = encodeJson(manifestOf("notice", { flags: { count: 1, css: cssName } }));
  for (const [name, bytes] of [[imageName, image], [cssName, css], [MANIFEST, manifestBytes]]) {
    writeFileSync(join(folder, name as string), bytes as Uint8Array);
  }
  writeFileSync(join(data, "secret"), "secret");
  symlinkSync(join(data, "secret"), join(folder, "link.aaaaaaaaaaaa.txt"));
  const server = started.start([], {
    settings: {
      GOLAZO_CARDS: "off",
      GOLAZO_REPLAY_SPEED: "0",
      GOLAZO_PURGE_TAG_HEADER: "Cache-Tag",
      GOLAZO_ORIGINS: "https://fans.example",
    },
  });
  address = (await server.says(/^listening (http:\S+)$/))[1]!;
  expect(server.said()).not.toContain("deno task sprites");
});

interface Answered {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** As written: `fetch` would tidy paths up and take compression by itself. */
function ask(path: string, headers: Record<string, string> = {}, method = "GET") {
  return new Promise<Answered>((resolve, reject) => {
    const { port } = new URL(address);
    const asked = request({ host: "127.0.0.1", port, path, headers, method }, (reply) => {
      const parts: Uint8Array[] = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("end", () =>
        resolve({
          status: reply.statusCode!,
          headers: reply.headers as Record<string, string>,
          body: new Uint8Array(Buffer.concat(parts)),
        }));
    });
    asked.on("error", reject).end();
  });
}

describe("/assets of a real server", () => {
  test("a hashed file for a year, to any page, with what the CDN purges by", async () => {
    const { status, headers, body } = await ask(`/assets/${imageName}`, {
      origin: "https://elsewhere.example",
    });
    expect(status).toBe(200);
    expect(body).toEqual(image);
    expect(headers).toMatchObject({
      "content-type": "image/webp",
      "cache-control": "public, max-age=31536000, immutable",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "cache-tag": "golazo-assets",
    });
    const listed = await ask(`/assets/${imageName}`, { origin: "https://fans.example" });
    expect(["*", "https://fans.example"]).toContain(listed.headers["access-control-allow-origin"]);
  });

  test("the manifest for seconds, whatever stands behind a question mark", async () => {
    for (const path of [`/assets/${MANIFEST}`, `/assets/${MANIFEST}?v=abc-1`]) {
      const { status, headers, body } = await ask(path);
      expect([status, headers["cache-control"]]).toEqual([
        200,
        "public, max-age=30, stale-while-revalidate=300",
      ]);
      expect(body).toEqual(manifestBytes);
    }
  });

  test("conditional, range and HEAD requests", async () => {
    const path = `/assets/${imageName}`;
    const etag = (await ask(path, {}, "HEAD")).headers["etag"]!;
    const known = await ask(path, { "if-none-match": etag });
    expect([known.status, known.headers["etag"], known.body.length]).toEqual([304, etag, 0]);
    const head = await ask(path, {}, "HEAD");
    expect([head.status, head.headers["content-length"], head.body.length])
      .toEqual([200, "200000", 0]);
    const part = await ask(path, { range: "bytes=1000-1999" });
    expect([part.status, part.headers["content-range"]]).toEqual([206, "bytes 1000-1999/200000"]);
    expect(part.body).toEqual(image.subarray(1000, 2000));
    expect((await ask(path, { range: "bytes=200000-" })).status).toBe(416);
    const zipped = await ask(`/assets/${cssName}`, { "accept-encoding": "gzip" });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    const tag = zipped.headers["etag"]!;
    const again = await ask(`/assets/${cssName}`, {
      "accept-encoding": "gzip",
      "if-none-match": tag,
    });
    expect(again.status).toBe(304);
  });

  test("nothing else, by no way", async () => {
    const paths = [
      "/assets",
      "/assets/",
      "/assets/link.aaaaaaaaaaaa.txt",
      "/assets/../secret",
      "/assets/..%2fsecret",
      "/assets/%2e%2e/secret",
      "/assets/..%5csecret",
      "/assets//etc/passwd",
      `/assets/${imageName}%00`,
      "/assets/gone.aaaaaaaaaaaa.webp",
    ];
    for (const path of paths) {
      const { status, body } = await ask(path);
      expect([400, 404], path).toContain(status);
      expect(Buffer.from(body).toString(), path).not.toContain("secret");
    }
    expect((await ask(`/assets/${imageName}`, {}, "POST")).status).toBe(404);
  });
});
