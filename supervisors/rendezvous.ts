/**
 * Who of those present should own a partition: a question that every node
 * answers alike, without asking anybody.
 *
 * When a node comes or goes only its own share moves.
 */

/** Rendezvous hashing: the node with the highest hash of (node, partition). */
export function shouldOwn(present: string[], node: string, partition: number): boolean {
  const weight = (candidate: string) => hash(`${candidate}/${partition}`);
  const own = weight(node);
  return present.every((other) => {
    const rival = weight(other);
    return rival < own || (rival === own && other <= node);
  });
}

/** FNV-1a, its bits mixed once more since the names differ little. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
