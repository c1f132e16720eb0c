/**
 * The raw body of a request, within a bound.
 *
 * A length that is announced too large is refused before a byte is read; one
 * that is not announced is cut off where it crosses the bound, so what a peer
 * can make us hold is the bound and one chunk.
 */
import type { IncomingMessage } from "node:http";
import { Failure } from "../../runtime/failure.ts";

/** @throws {Failure} `bodyTooLarge`, or `bodyCut` where the peer went away. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > bytesMax) throw tooLarge(bytesMax, `${announced}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    // Left standing where it crosses the bound: its connection still has to carry the refusal.
    const read = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    for await (const chunk of read) {
      bytes += chunk.length;
      if (bytes > bytesMax) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new Failure("bodyCut", "Cannot read the body: it ended early", { cause });
  }
  if (bytes > bytesMax) throw tooLarge(bytesMax, "more");
  return Buffer.concat(chunks);
}

function tooLarge(bytesMax: number, found: string): Failure {
  return new Failure(
    "bodyTooLarge",
    `Cannot take the body: needed at most ${bytesMax} bytes, found ${found}`,
  );
}
