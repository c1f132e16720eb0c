/**
 * The Lua scripts, each one step of a store that nobody sees half done.
 *
 * A script accepts or refuses and writes what it was given; what is decided is
 * decided before. In a Cluster every key of a call is of one partition, so one
 * server has it. Sent whole once per connection, by its hash after that.
 */
import { readFileSync } from "node:fs";

/** How many keys each script takes; undefined: some for each of many (script_batch.ts). */
const KEYS = {
  append_entries: undefined,
  reset_stream: 3,
  stream_position: 2,
  put_bodies: undefined,
  put_cells: undefined,
  add_count: 1,
  take_lease: 1,
  release_lease: 1,
  attend_rolls: undefined,
  depart_rolls: undefined,
  apply_ranking: 4,
  around_place: 1,
  clear_ranking: 4,
} as const;

export type ScriptName = keyof typeof KEYS;

export const scripts: Record<string, { lua: string; numberOfKeys?: number }> = Object.fromEntries(
  Object.entries(KEYS).map(([name, numberOfKeys]) => [
    name,
    { lua: readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), "utf8"), numberOfKeys },
  ]),
);
