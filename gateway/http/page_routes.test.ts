import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HttpReply } from "../../runtime/http_route.ts";
import { pageRoutes } from "./page_routes.ts";

let root = "";
let folder = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "golazo-page-"));
  folder = join(root, "dist");
  await mkdir(join(folder, "icons"), { recursive: true });
  await writeFile(join(root, "secret.txt"), "secret");
  await writeFile(join(folder, "index.html"), "<!doctype html>");
  await writeFile(join(folder, "app-K3X7QZ2A.js"), "export {};");
  await writeFile(join(folder, "app-registration.js"), "export {};");
  await writeFile(join(folder, "icons", "ball.svg"), "<svg/>");
  await writeFile(join(folder, ".env"), "secret");
  await symlink(join(root, "secret.txt"), join(folder, "link.txt"));
});
afterAll(() => rm(root, { recursive: true }));

async function get(rest: string, from = folder, encodings = ""): Promise<HttpReply> {
  const [route] = pageRoutes({ folder: from, buildCommand: "deno task web" });
  const headers = new Headers({ "accept-encoding": encodings });
  return await route!.answer({ params: { rest }, headers } as never);
}

describe("pageRoutes", () => {
  test("the page is asked for again each time", async () => {
    const reply = await get("");
    expect(String(Buffer.from(reply.body!))).toBe("<!doctype html>");
    expect(reply.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
    });
    expect(reply.headers!.etag).toMatch(/^"[\w-]{22}"$/);
  });

  test("what has a hash in its name is kept, what only looks like it is not", async () => {
    expect((await get("app-K3X7QZ2A.js")).headers!["cache-control"]).toContain("immutable");
    expect((await get("app-registration.js")).headers!["cache-control"]).toBe("no-cache");
    expect((await get("icons/ball.svg")).headers!["content-type"]).toBe("image/svg+xml");
  });

  test("a changed file is another reply", async () => {
    const before = await get("app-registration.js");
    await writeFile(join(folder, "app-registration.js"), "export { };");
    expect((await get("app-registration.js")).headers!.etag).not.toBe(before.headers!.etag);
  });

  test("text goes compressed to whoever takes that, under a tag of its own", async () => {
    await writeFile(join(folder, "long.txt"), "goal ".repeat(1_000));
    const plain = await get("long.txt", folder, "deflate, gzip;q=0");
    const zipped = await get("long.txt", folder, "deflate, gzip;q=0.5");
    const smallest = await get("long.txt", folder, "gzip, br");
    expect(plain.headers).toMatchObject({ vary: "accept-encoding" });
    expect(plain.headers).not.toHaveProperty("content-encoding");
    expect(zipped.headers).toMatchObject({ vary: "accept-encoding", "content-encoding": "gzip" });
    expect(zipped.headers!.etag).not.toBe(plain.headers!.etag);
    expect(gunzipSync(zipped.body as Uint8Array)).toEqual(Buffer.from(plain.body!));
    expect(smallest.headers).toMatchObject({ "content-encoding": "br" });
    expect(brotliDecompressSync(smallest.body as Uint8Array)).toEqual(Buffer.from(plain.body!));
    expect((await get("icons/ball.svg", folder, "gzip")).headers).not.toHaveProperty("vary");
  });

  test.each([
    "../secret.txt",
    "..\\secret.txt",
    "icons/../../secret.txt",
    "/etc/passwd",
    ".env",
    "link.txt",
    "icons",
    "icons/",
    "missing.js",
    "index.html/x",
    "index.html\0",
    "x".repeat(5_000),
  ])("%s leads nowhere", async (rest) => {
    expect((await get(rest)).status).toBe(404);
  });

  test("where nothing was built the page says how to", async () => {
    const reply = await get("", join(root, "nowhere"));
    expect(reply.status).toBe(503);
    expect(reply.body).toContain("deno task web");
    expect((await get("app.js", join(root, "nowhere"))).status).toBe(404);
  });
});

test("a page stands where it is told to, with and without a slash", () => {
  const routes = pageRoutes({ folder, at: "/console", buildCommand: "deno task web" });
  expect(routes.map(({ path }) => path)).toEqual(["/console", "/console/*"]);
});
