/**
 * Does a task for each item, a few at once; the first failure ends the rest.
 *
 * Each begins in a turn of its own: an embedded store answers at once, and
 * without that nobody else on the event loop would have one.
 */
import PQueue from "p-queue";
import { nextTurn } from "../../runtime/turn.ts";

export async function fewAtOnce<T, R>(
  items: T[],
  concurrency: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const queue = new PQueue({ concurrency });
  const inTurn = async (item: T) => {
    await nextTurn();
    return await task(item);
  };
  try {
    return await Promise.all(items.map((item) => queue.add(() => inTurn(item))));
  } finally {
    queue.clear();
    await queue.onIdle();
  }
}
