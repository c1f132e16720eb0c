/**
 * What each role is made of, in the order in which it starts.
 *
 * `rest_for_one`: whatever breaks takes with it what was built on it, and
 * nothing else; the order of a list is the order of the arrows. One process on
 * its own files owns everything; with Redis ownership is placed, also where
 * there is only one process yet.
 */
import type { TreeOptions } from "./built.ts";
import type { ChildSpec } from "./child_spec.ts";
import * as make from "./children.ts";

export function treeOf(options: TreeOptions): ChildSpec[] {
  const { role, redisUrl } = options.config;
  switch (role) {
    case "gateway":
      return [
        make.hotStores(options),
        make.tokens(options),
        ...make.remoteFeed(options),
        make.admin(options),
        make.gateway(options),
      ];
    case "actors":
      return [
        make.hotStores(options),
        make.tokens(options),
        make.sqlStores(options),
        make.history(options),
        ...make.placedOwners(options),
        make.admin(options),
      ];
    case "workers":
      return [
        make.hotStores(options),
        make.tokens(options),
        make.sqlStores(options),
        ...make.remoteFeed(options),
        make.admin(options),
        ...make.replay(options),
      ];
    case "all":
      return [
        make.hotStores(options),
        make.tokens(options),
        make.sqlStores(options),
        make.history(options),
        ...redisUrl === null
          ? [...make.soleOwners(options), make.localFeed(options)]
          : [...make.placedOwners(options), ...make.remoteFeed(options)],
        make.admin(options),
        make.gateway(options),
        ...make.replay(options),
      ];
  }
}
