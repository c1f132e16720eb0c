/**
 * Golazo's client SDK: live football over one socket, on any platform.
 *
 *   golazo_client     the connection that outlives its sockets
 *   match_store       one match as snapshot and publications tell it
 *   match_minute      the running minute, which is never sent
 *   client_platform   what a platform has to offer; browser_platform is one
 *
 * A fan's page needs five lines:
 *
 *   const client = new GolazoClient({ url, platform: browserPlatform() });
 *   const store = new MatchStore(null, show);
 *   client.onState(showConnection);
 *   client.subscribe(matchChannel("arg-fra-2022-12-18"), store.receive);
 *   client.connect();
 */
export { matchChannel } from "../../protocol/channel_name.ts";
export { browserPlatform } from "./browser_platform.ts";
export type { ChannelEvent, ChannelListener, TrackListener } from "./channel_book.ts";
export type { Attention, ClientPlatform, Transport, TransportEvents } from "./client_platform.ts";
export { GolazoClient } from "./golazo_client.ts";
export type { ClientOptions, ConnectionState } from "./golazo_client.ts";
export { minuteLabel, minuteOfPlay } from "./match_minute.ts";
export { MatchStore } from "./match_store.ts";
export type { MatchListener, MatchPicture } from "./match_store.ts";
