/**
 * Which rooms of a partition are awake, noted for whoever owns it next.
 *
 * A note is as old as the last room that woke or slept; it carries the owner's
 * token, so an owner that was replaced leaves its successor's alone.
 */
import type { CellStore } from "../actors/ports/cell.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export async function noteAwake(
  cells: CellStore,
  partition: number,
  fence: number,
  rooms: string[],
): Promise<void> {
  await cells.put(keyOf(partition), encoder.encode(JSON.stringify(rooms)), { fence });
}

export async function notedAwake(cells: CellStore, partition: number): Promise<string[]> {
  const cell = await cells.get(keyOf(partition));
  return cell === null ? [] : JSON.parse(decoder.decode(cell.bytes));
}

function keyOf(partition: number): string {
  return `rooms/awake-${partition}`;
}
