/**
 * Golazo's client SDK: live football over one socket, on any platform.
 *
 *   golazo_client     the connection that outlives its sockets
 *   match_store       one match as snapshot and publications tell it
 *   match_minute      the running minute, which is never sent
 *   prediction_book   the fan's own predictions, shown at once and taken back on refusal
 *   prediction_store  markets, crowd, settlement and boards as their channels tell them
 *   asset_book        flags, reactions and stickers, pack by pack as they are asked for
 *   chat_store        a room's conversation as its channel tells it
 *   chat_outbox       what the fan says in a room, shown at once and taken back on refusal
 *   chat_acts         the same for reactions, cheers, reports and own messages taken away
 *   room_page         what was said before what the channel tells; chat_past takes it in
 *   avatar_book       where pictures of fans are; own_avatar changes one's own
 *   fan_api           what is asked by HTTP; fan_token says as whom
 *   client_platform   what a platform has to offer; browser_platform is one
 *
 * Those of the chat are imported from their own files, so that a bundler leaves them
 * out of what a page without a chat loads.
 *
 * A fan's page needs five lines:
 *
 *   const client = new GolazoClient({ url, platform: browserPlatform() });
 *   const store = new MatchStore(null, show);
 *   client.onState(showConnection);
 *   client.subscribe(matchChannel("arg-fra-2022-12-18"), store.receive);
 *   client.connect();
 */
export {
  ASSETS_CHANNEL,
  leaderboardChannel,
  matchChannel,
  predictionChannel,
} from "../../protocol/channel_name.ts";
export { AssetBook } from "./asset_book.ts";
export type { SpriteFrame } from "./asset_book.ts";
export { browserPlatform } from "./browser_platform.ts";
export type { ChannelEvent, ChannelListener, TrackListener } from "./channel_book.ts";
export type {
  Attention,
  ClientPlatform,
  HttpAnswer,
  HttpQuestion,
  Transport,
  TransportEvents,
} from "./client_platform.ts";
export { FanApi } from "./fan_api.ts";
export type {
  AroundMe,
  BoardPage,
  BoardRow,
  CrowdJson,
  MarketJson,
  MatchMarkets,
  OwnPrediction,
  OwnProjection,
} from "./fan_json.ts";
export { guestTokens } from "./fan_token.ts";
export type { FanToken, TokenSource } from "./fan_token.ts";
export { GolazoClient } from "./golazo_client.ts";
export type { ClientOptions, ConnectionState } from "./golazo_client.ts";
export { minuteLabel, minuteOfPlay } from "./match_minute.ts";
export { MatchStore } from "./match_store.ts";
export type { MatchListener, MatchPicture } from "./match_store.ts";
export { PredictionBook } from "./prediction_book.ts";
export type { OwnPick, RefusedPick } from "./prediction_book.ts";
export { BoardStore, PredictionStore } from "./prediction_store.ts";
export { Refusal } from "./refusal.ts";
