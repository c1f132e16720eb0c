/**
 * The last reply of a connection whose request was not read to its end.
 *
 * A connection that is closed while bytes wait to be read is reset, and a reset
 * takes with it what the peer has not read yet: whose picture is too large would
 * see a broken line and no reason. So the whole reply goes out, and what still
 * comes is thrown away until it ends, or the peer has had the time to look.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../runtime/clock.ts";
import { limits } from "../../runtime/limits.ts";

/** `response` has its head, which says how long `body` is and that the connection closes. */
export function endUnread(
  incoming: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
  clock: Clock,
): void {
  let bytesLeft: number = limits.httpUnreadBytesMax;
  const end = () => {
    timer.cancel();
    incoming.off("data", drop);
    response.end();
  };
  const drop = (chunk: Uint8Array) => {
    bytesLeft -= chunk.length;
    if (bytesLeft < 0) end();
  };
  const timer = clock.after(limits.httpUnreadMsMax, end);
  response.once("close", () => timer.cancel());
  incoming.once("end", end);
  incoming.on("error", end);
  response.write(body);
  incoming.on("data", drop).resume();
}
