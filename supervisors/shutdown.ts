/**
 * The end of the process, whoever brings it about.
 *
 * A signal stops the tree in reverse, each child within its deadline: exit 0.
 * A tree that ends by itself has given up, and an error that nobody caught has
 * left us in an unknown state: the reason is said, what still runs is stopped,
 * exit 70. Bringing processes back is the platform's work, not ours.
 */
import { reasonOf } from "../runtime/failure.ts";
import * as platform from "../runtime/platform.ts";
import type { BusinessLog } from "./business_log.ts";
import type { Child } from "./child_spec.ts";

/** "Internal software error" of sysexits.h. */
export const EXIT_SOFTWARE = 70;

export type ProcessHooks = Pick<
  typeof platform,
  "onShutdownSignal" | "onUncaught" | "holdOpen" | "exitProcess"
>;

/** From now on the process lives as long as `root`. */
export function liveWith(root: Child, log: BusinessLog, hooks: ProcessHooks = platform): void {
  let isEnding = false;
  const end = async (code: number, why: string) => {
    isEnding = true;
    // With its listeners closed nothing else would keep the process until the last deadline.
    hooks.holdOpen();
    try {
      await root.stop(why);
    } catch (error) {
      log.say("error", "process.failed", { reason: reasonOf(error) });
      code = EXIT_SOFTWARE;
    }
    hooks.exitProcess(code);
  };

  hooks.onShutdownSignal((signal) => {
    log.say("info", "process.signalled", { signal });
    if (!isEnding) void end(0, signal);
  });
  hooks.onUncaught((error) => {
    const stack = error instanceof Error ? error.stack : undefined;
    log.say("error", "process.failed", { reason: `nobody caught: ${reasonOf(error)}`, stack });
    if (!isEnding) void end(EXIT_SOFTWARE, "an error that nobody caught");
  });
  void root.exited.then((exit) => {
    if (isEnding) return;
    const reason = exit.kind === "crash" ? exit.reason : `the tree ended with "${exit.kind}"`;
    log.say("error", "process.failed", { reason });
    void end(EXIT_SOFTWARE, reason);
  });
}
