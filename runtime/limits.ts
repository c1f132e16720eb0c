/**
 * Every bound of the system beside the sum or the reason that gave it.
 *
 * A limit is part of the promise: each one is tested past its edge.
 */
import { assetLimits } from "./limits/asset_limits.ts";
import { chatLimits } from "./limits/chat_limits.ts";
import { doorLimits } from "./limits/door_limits.ts";
import { feedLimits } from "./limits/feed_limits.ts";
import { leaderboardLimits } from "./limits/leaderboard_limits.ts";
import { predictionLimits } from "./limits/prediction_limits.ts";
import { socketLimits } from "./limits/socket_limits.ts";
import { storeLimits } from "./limits/store_limits.ts";
import { supervisionLimits } from "./limits/supervision_limits.ts";

export const limits = {
  ...feedLimits,
  ...storeLimits,
  ...socketLimits,
  ...doorLimits,
  ...supervisionLimits,
  ...leaderboardLimits,
  ...chatLimits,
  ...predictionLimits,
  ...assetLimits,
} as const;
