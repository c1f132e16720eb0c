/**
 * Every key and channel in Redis, built in one place.
 *
 * `{<namespace>:p<partition>}:<kind>:<name>`: what is in braces decides the hash
 * slot, so all of a partition, and with it all of a match, is on one server and
 * within reach of one script. A name's partition is that of the id at its end,
 * `x` in `ledger/match/x`, `intake/x` and `channel/match:x`; of `lease/7` and
 * `door/7` it is 7; a name without an id is an id itself.
 */
import { partitionOf, PARTITIONS } from "../../actors/ports/partition.ts";
import { Failure } from "../../runtime/failure.ts";

export class RedisKeys {
  readonly #namespace: string;

  /** @throws {Failure} `configInvalid` for a namespace that would break the braces. */
  constructor(namespace: string) {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(namespace)) {
      throw new Failure(
        "configInvalid",
        "Cannot name keys as GOLAZO_NAMESPACE needs 1 to 64 letters, digits, dots and dashes, " +
          `found ${JSON.stringify(namespace)}`,
      );
    }
    this.#namespace = namespace;
  }

  head(stream: string): string {
    return this.#key("head", stream);
  }

  entries(stream: string): string {
    return this.#key("entries", stream);
  }

  /** Names of the partition's streams. */
  names(partition: number): string {
    return `${this.tag(partition)}:names`;
  }

  cell(key: string): string {
    return this.#key("cell", key);
  }

  count(key: string): string {
    return this.#key("count", key);
  }

  lease(key: string): string {
    return this.#key("lease", key);
  }

  roll(roll: string): string {
    return this.#key("roll", roll);
  }

  /** Of a room's messages. */
  bodies(room: string): string {
    return this.#key("bodies", room);
  }

  /** Members, counts per score, keys applied, highest fence seen. */
  ranking(ranking: string): string[] {
    return ["members", "scores", "applied", "fence"].map((kind) => this.#key(kind, ranking));
  }

  channel(channel: string): string {
    return this.#key("channel", channel);
  }

  /** What a partition's hash slot is computed from. */
  tag(partition: number): string {
    return `{${this.#namespace}:p${partition}}`;
  }

  #key(kind: string, name: string): string {
    return `${this.tag(partitionOfName(name))}:${kind}:${name}`;
  }
}

/** The partition of a stream, a cell, a ranking or a channel. */
export function partitionOfName(name: string): number {
  const [, numbered] = /^(?:lease|door)\/(\d+)$/.exec(name) ?? [];
  if (numbered !== undefined && Number(numbered) < PARTITIONS) return Number(numbered);
  return partitionOf(name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(":")) + 1));
}
