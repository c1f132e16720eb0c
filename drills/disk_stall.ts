/**
 * How long the disk alone kept somebody waiting, measured beside whatever else
 * waits for it.
 *
 * Every commit waits for the disk, and one that is shared with other machines may
 * take half a second now and then. What a server is to answer for is the rest.
 */
import { open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { pause, systemClock } from "../runtime/clock.ts";

/** Between two looks: a stall is longer. */
const EVERY_MS = 10;

/** Runs the task; `stallMs` is the longest that one small write took to reach the disk meanwhile. */
export async function besideDisk<T>(
  folder: string,
  task: () => Promise<T>,
): Promise<{ done: T; stallMs: number }> {
  const path = join(folder, "disk-stall");
  const file = await open(path, "w");
  let isOver = false;
  let stallMs = 0;
  const watching = (async () => {
    while (!isOver) {
      const beganAt = systemClock.monotonic();
      await file.write("x", 0);
      await file.datasync();
      stallMs = Math.max(stallMs, systemClock.monotonic() - beganAt);
      await pause(systemClock, EVERY_MS);
    }
  })();
  const [done] = await Promise.allSettled([task()]);
  isOver = true;
  await watching;
  await file.close();
  await unlink(path);
  if (done.status === "rejected") throw done.reason;
  return { done: done.value, stallMs };
}
