/**
 * The one place where names of channels are built and taken apart.
 *
 * Every name built here parses back to what it was built from, and no two
 * things share a name: ids hold no colon, and "global" is no match's id since
 * `prediction:global` is everybody's predictions.
 */
import { ProtocolError } from "./protocol_error.ts";

export type ChannelName =
  | { kind: "match"; id: string }
  /** What fans predict of one match. */
  | { kind: "prediction"; id: string }
  | { kind: "globalPrediction" }
  | { kind: "leaderboard"; id: string }
  | { kind: "room"; id: string }
  | { kind: "trending" }
  | { kind: "user"; id: string }
  | { kind: "assets" };

export const GLOBAL_PREDICTION_CHANNEL = "prediction:global";
export const TRENDING_CHANNEL = "trending:global";
export const ASSETS_CHANNEL = "assets:manifest";

export function isMatchId(text: string): boolean {
  return /^[a-z0-9-]{1,64}$/.test(text) && text !== "global";
}

/** Whether `text` can be the id of a leaderboard, a room or a user. */
export function isChannelId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** @throws {ProtocolError} `badValue` for an id that no match can have; so do those below. */
export function matchChannel(matchId: string): string {
  return nameOf("match:", matchId, isMatchId);
}

export function predictionChannel(matchId: string): string {
  return nameOf("prediction:", matchId, isMatchId);
}

export function leaderboardChannel(leaderboardId: string): string {
  return nameOf("leaderboard:", leaderboardId, isChannelId);
}

export function roomChannel(roomId: string): string {
  return nameOf("chat:room:", roomId, isChannelId);
}

export function userChannel(userId: string): string {
  return nameOf("user:", userId, isChannelId);
}

/** What a channel is of, or null where no channel can have that name. */
export function parseChannel(channel: string): ChannelName | null {
  if (channel === GLOBAL_PREDICTION_CHANNEL) return { kind: "globalPrediction" };
  if (channel === TRENDING_CHANNEL) return { kind: "trending" };
  if (channel === ASSETS_CHANNEL) return { kind: "assets" };
  const colon = channel.lastIndexOf(":") + 1;
  const id = channel.slice(colon);
  switch (channel.slice(0, colon)) {
    case "match:":
      return isMatchId(id) ? { kind: "match", id } : null;
    case "prediction:":
      return isMatchId(id) ? { kind: "prediction", id } : null;
    case "leaderboard:":
      return isChannelId(id) ? { kind: "leaderboard", id } : null;
    case "chat:room:":
      return isChannelId(id) ? { kind: "room", id } : null;
    case "user:":
      return isChannelId(id) ? { kind: "user", id } : null;
    default:
      return null;
  }
}

function nameOf(prefix: string, id: string, isId: (text: string) => boolean): string {
  if (isId(id)) return prefix + id;
  throw new ProtocolError(
    "badValue",
    `Cannot name a channel ${prefix}…: needed an id of 1 to 64 letters, digits and dashes, found ${
      JSON.stringify(id).slice(0, 80)
    }`,
  );
}
