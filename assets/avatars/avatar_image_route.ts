/**
 * The images of avatars: an address never changes its bytes, so caches keep it for
 * a year. One that was removed is gone here; what caches in between still hold a
 * CDN forgets by its address.
 */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { type HttpReply, problemReply, type Route } from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { isAvatarName } from "./avatar_shelf.ts";

/** A link is refused and a pipe is not waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const GONE = ["ENOENT", "ENOTDIR", "ELOOP", "ENXIO"];

export function avatarImageRoute(folder: string): Route {
  return {
    method: "GET",
    path: "/assets/avatars/:name",
    async answer({ params: { name = "" } }): Promise<HttpReply> {
      if (!isAvatarName(name)) return nothingHere();
      try {
        const file = await open(join(folder, name), FLAGS);
        try {
          if (!(await file.stat()).isFile()) return nothingHere();
          return {
            status: 200,
            headers: {
              "content-type": "image/webp",
              "cache-control": `public, max-age=${limits.assetFileAgeSeconds}, immutable`,
              etag: `"${name.split(".")[0]}"`,
              "access-control-allow-origin": "*",
              "cross-origin-resource-policy": "cross-origin",
            },
            body: await file.readFile(),
          };
        } finally {
          await file.close();
        }
      } catch (thrown) {
        if (GONE.includes((thrown as { code?: string }).code ?? "")) return nothingHere();
        throw thrown;
      }
    },
  };
}

function nothingHere(): HttpReply {
  return problemReply({ status: 404, code: "notFound", detail: "There is no such image" });
}
