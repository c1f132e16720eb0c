/**
 * What each role is made of, in the order in which it starts.
 *
 * `rest_for_one`: whatever breaks takes with it what was built on it, and
 * nothing else; the order of a list is the order of the arrows. One process on
 * its own files owns everything; with Redis ownership is placed, also where
 * there is only one process yet.
 */
import { assets } from "./asset_children.ts";
import type { TreeOptions } from "./built.ts";
import { cards } from "./card_children.ts";
import type { ChildSpec } from "./child_spec.ts";
import * as make from "./children.ts";
import { boards, boardVoice } from "./leaderboard_children.ts";
import { avatars, banRoll, moderation } from "./moderation_children.ts";
import { crowd, predictionDoor, predictions, remotePredictions } from "./prediction_children.ts";
import { rooms } from "./room_children.ts";
import { projections, settlements } from "./settlement_children.ts";

export function treeOf(options: TreeOptions): ChildSpec[] {
  const { role, redisUrl } = options.config;
  switch (role) {
    case "gateway":
      return [
        make.hotStores(options),
        make.tokens(options),
        banRoll(options),
        ...make.remoteFeed(options),
        boards(options),
        rooms(options),
        moderation(options),
        avatars(options),
        remotePredictions(options),
        predictionDoor(options),
        make.admin(options),
        make.gateway(options),
        assets(options),
      ];
    case "actors":
      return [
        make.hotStores(options),
        make.tokens(options),
        banRoll(options),
        make.sqlStores(options),
        make.history(options),
        predictions(options),
        ...make.placedOwners(options),
        make.admin(options),
      ];
    case "workers":
      return [
        make.hotStores(options),
        make.tokens(options),
        banRoll(options),
        make.sqlStores(options),
        ...make.remoteFeed(options),
        boards(options),
        rooms(options),
        make.admin(options),
        crowd(options),
        settlements(options),
        projections(options),
        boardVoice(options),
        cards(options),
        ...make.replay(options),
      ];
    case "all":
      return [
        make.hotStores(options),
        make.tokens(options),
        banRoll(options),
        make.sqlStores(options),
        make.history(options),
        predictions(options),
        ...redisUrl === null
          ? [...make.soleOwners(options), make.localFeed(options)]
          : [...make.placedOwners(options), ...make.remoteFeed(options)],
        boards(options),
        rooms(options),
        moderation(options),
        avatars(options),
        predictionDoor(options),
        make.admin(options),
        make.gateway(options),
        assets(options),
        crowd(options),
        settlements(options),
        projections(options),
        boardVoice(options),
        cards(options),
        ...make.replay(options),
      ];
  }
}
