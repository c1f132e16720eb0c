/**
 * Lets others have their turn of the event loop before the caller goes on.
 *
 * The embedded stores answer at once, so a loop over them would never yield by
 * awaiting alone. A turn is cheap, and Deno looks at its sockets only once in 61
 * of them while there is something to do: after turns of 2 ms each a request
 * waits 100 ms at the median (measured). So whoever holds the loop for a
 * millisecond again and again takes a turn in which sockets are read.
 */

/** A request that comes between two looks waits so long and the turn under way. */
const LOOK_MS = 1;

let lookedAt = Number.NEGATIVE_INFINITY;
let awaited = 0;

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** A turn in which sockets are read too, unless they were a moment ago: 2 ms of a timer. */
export function socketTurn(): Promise<void> {
  if (performance.now() - lookedAt < LOOK_MS) return nextTurn();
  awaited += 1;
  return new Promise((resolve) => {
    setTimeout(() => {
      lookedAt = performance.now();
      awaited -= 1;
      resolve();
    }, 0);
  });
}

/** How many wait for a timer, so that a test under a clock that stands still waits for it too. */
export function socketTurnsAwaited(): number {
  return awaited;
}
