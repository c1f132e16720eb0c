/**
 * What a browser with nothing in its cache takes off the wire for a page:
 * Chromium's own network log, heads of replies included.
 *
 * Both pages come from the same listener with the same headers.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { chromium } from "playwright-core";
import { SECURITY_HEADERS } from "../../gateway/http/headers.ts";
import { findProgram, programs } from "../../ops/debian_program.ts";
import { assert } from "../../runtime/failure.ts";

export interface Wire {
  requests: number;
  bytes: number;
}

const LOAD_MS_MAX = 30_000;
/** All that our origin sends with a file. */
const HEADERS = {
  ...SECURITY_HEADERS,
  "cache-control": "public, max-age=31536000, immutable",
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
  "accept-ranges": "bytes",
  etag: '"k3vq7zc5m2ta"',
};

/** Null where there is no Chromium. The page itself does not count, the files that it shows do. */
export async function wireBytes(files: readonly string[]): Promise<Wire | null> {
  const executablePath = findProgram(programs.chromium);
  if (executablePath === null) return null;
  const paths = new Map(files.map((file, at) => [`/${at}-${basename(file)}`, file]));
  const server = createServer(({ url = "" }, response) => {
    const file = paths.get(url);
    if (file === undefined) {
      response.setHeader("content-type", "text/html");
      response.end(url === "/" ? pageOf([...paths.keys()]) : "");
      return;
    }
    const body = readFileSync(file);
    const type = file.endsWith(".json") ? "application/json" : `image/${file.split(".").at(-1)}`;
    response.writeHead(200, {
      ...HEADERS,
      "content-type": type,
      "content-length": `${body.length}`,
    });
    response.end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  try {
    const page = await browser.newPage();
    const log = await page.context().newCDPSession(page);
    await log.send("Network.enable");
    const urls = new Map<string, string>();
    const wire: Wire = { requests: 0, bytes: 0 };
    log.on("Network.responseReceived", ({ requestId, response }) => {
      urls.set(requestId, new URL(response.url).pathname);
    });
    log.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (!paths.has(urls.get(requestId) ?? "")) return;
      wire.requests += 1;
      wire.bytes += encodedDataLength;
    });
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/`, {
      timeout: LOAD_MS_MAX,
      waitUntil: "networkidle",
    });
    assert(wire.requests === files.length, "the page loads every file");
    return wire;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

function pageOf(paths: string[]): string {
  const images = paths.filter((path) => !path.endsWith(".json"));
  const data = paths.filter((path) => path.endsWith(".json"));
  return `<!doctype html><title>list</title>${
    images.map((path) => `<img src="${path}">`).join("")
  }<script>for (const path of ${JSON.stringify(data)}) fetch(path);</script>`;
}
