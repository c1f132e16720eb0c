/**
 * How a new owner takes a stream over: by an append of nothing under its fence.
 *
 * From then on the store refuses whoever owned it before, also where the new
 * owner has nothing to write for hours; without it a frozen owner could still
 * add to what it comes back to. What is read after the claim stays what it is.
 */
import type { AppendResult, StreamStore } from "./ports/stream.ts";

/** Answers the top; 0 where nothing was ever appended, and so nothing is claimed. */
export async function claim(
  stream: StreamStore,
  name: string,
  fence: number,
): Promise<number | "fenced"> {
  for (;;) {
    const position = await stream.position(name);
    if (position === null) return 0;
    const { outcome }: AppendResult = await stream.append(name, {
      fence,
      expectedTop: position.top,
      entries: [],
    });
    if (outcome === "appended") return position.top;
    if (outcome === "fenced") return "fenced";
    // The owner before added to it in between, for the last time; or the store lost it.
  }
}
