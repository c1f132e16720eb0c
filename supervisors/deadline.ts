/**
 * Waits for work, but only so long.
 *
 * The work is not called off: what nobody waits for any more may still end.
 */
import type { Clock } from "../runtime/clock.ts";

/** "late" where `work` is not over after `ms`. */
export async function withDeadline(
  clock: Clock,
  ms: number,
  work: Promise<void>,
): Promise<"inTime" | "late"> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = clock.after(ms, () => resolve("late"));
  try {
    return await Promise.race([work.then(() => "inTime" as const), late]);
  } finally {
    timer.cancel();
  }
}
