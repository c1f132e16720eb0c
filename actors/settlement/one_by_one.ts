/**
 * Does a task for each item, one after the other; the first failure ends the rest.
 *
 * Each begins in a turn of its own: an embedded store answers at once, and
 * without that nobody else on the event loop would have one.
 */
import PQueue from "p-queue";
import { nextTurn } from "../../runtime/turn.ts";

export async function oneByOne<T>(items: T[], task: (item: T) => Promise<void>): Promise<void> {
  const queue = new PQueue({ concurrency: 1 });
  const inTurn = async (item: T) => {
    await nextTurn();
    await task(item);
  };
  try {
    await Promise.all(items.map((item) => queue.add(() => inTurn(item))));
  } finally {
    queue.clear();
    await queue.onIdle();
  }
}
