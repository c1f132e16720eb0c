/**
 * Which partition an entity belongs to.
 *
 * 64 partitions, by hash, forever: a partition's number is in keys and rows, so
 * neither the count nor the hash may change.
 */
export const PARTITIONS = 64;

/** FNV-1a over UTF-16 units: stable across runtimes and versions. */
export function partitionOf(entityId: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < entityId.length; at++) {
    hash = Math.imul(hash ^ entityId.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) % PARTITIONS;
}
