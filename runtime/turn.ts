/**
 * Lets the event loop look at its sockets before the caller goes on.
 *
 * The embedded stores answer at once, so a loop over them would never yield by
 * awaiting alone.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
