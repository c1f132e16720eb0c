/**
 * The moments at which a kill hurts most: right after a goal, and as an answer
 * arrives, when what was said must be true already.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { PlausibleMatch } from "./plausible_match.ts";
import type { SeededRandom } from "./seeded_random.ts";
import type { Subscriber } from "./subscriber.ts";
import type { WebhookSource } from "./webhook_source.ts";

const AFTER_GOAL_MS_MAX = 5;
const GOAL_MS_MAX = 10_000;

/** Resolves within 5 ms of a goal's frame at the fan or of its post. @throws where no goal comes. */
export async function atGoal(
  fan: Subscriber,
  source: WebhookSource,
  random: SeededRandom,
): Promise<void> {
  const nextGoal = random.chance(0.5) ? () => frameOfGoal(fan) : () => postOfGoal(source);
  const delayMs = random.whole(0, AFTER_GOAL_MS_MAX - 1);
  for (;;) {
    const never = pause(GOAL_MS_MAX, null, { ref: false }).then(() => {
      throw new Error(`Cannot kill at a goal: needed one within ${GOAL_MS_MAX} ms, found none`);
    });
    const goalAt = await Promise.race([nextGoal(), never]);
    if (delayMs > 0) await pause(delayMs);
    // Where the machine let the moment pass, the next goal will do.
    if (performance.now() - goalAt <= AFTER_GOAL_MS_MAX) return;
  }
}

/** Tells a fact of every match at once and resolves as one of them is answered. */
export async function atAnswer(
  source: WebhookSource,
  matches: readonly PlausibleMatch[],
  random: SeededRandom,
): Promise<void> {
  let left = random.whole(1, matches.length);
  await new Promise<void>((resolve) => {
    for (const match of matches) {
      void source.post(match.id, [match.next()]).then(() => {
        left -= 1;
        if (left === 0) resolve();
      });
    }
  });
}

/** Resolves with the time at which the next goal's frame reaches the fan. */
export function frameOfGoal(fan: Subscriber): Promise<number> {
  return new Promise((resolve) => {
    const forget = fan.onFrame(({ at, frame: { publication } }) => {
      if (!publication?.goal) return;
      forget();
      resolve(at);
    });
  });
}

function postOfGoal(source: WebhookSource): Promise<number> {
  return new Promise((resolve) => {
    const forget = source.onPost(({ type }) => {
      if (type !== "goal.scored") return;
      forget();
      resolve(performance.now());
    });
  });
}
