/**
 * What Golazo and its clients say to each other, and how it looks on the wire.
 * A leaf: it imports nothing of ours, and clients import nothing else of ours.
 *
 * golazo.proto          the contract
 * golazo_codec.ts       generated from it: types, encode, decode, the table
 * json_mapping.ts       the same messages as JSON, through that table
 * frames.ts             batches apart, frames by name, frames around ready bytes
 * channel_name.ts       every channel's name, built and parsed
 * close_code.ts         why a socket closed, and who comes back
 * protocol_error.ts     the one error for a peer's mistake
 *
 * checked_reader.ts, checked_writer.ts, oneof.ts, utf8.ts are the codec's own
 * tools: they keep pbf, which trusts everybody, from trusting a peer.
 *
 * golden_vectors.json pins the bytes and the JSON of every message;
 * golazo_descriptor.json is the contract as protoc reads it. Both are for the
 * test that holds our codec against @bufbuild/protobuf.
 */
export {
  ASSETS_CHANNEL,
  type ChannelName,
  GLOBAL_PREDICTION_CHANNEL,
  isChannelId,
  isMatchId,
  leaderboardChannel,
  matchChannel,
  parseChannel,
  predictionChannel,
  roomChannel,
  TRENDING_CHANNEL,
  userChannel,
} from "./channel_name.ts";
export { type CloseCode, closeCode, comesBack } from "./close_code.ts";
export {
  type ClientFrameName,
  clientFrameName,
  type ServerFrameName,
  serverFrameName,
  splitServerFrames,
  type SubscribedHead,
  wrapPublication,
  wrapSubscribed,
} from "./frames.ts";
export {
  type ChatSend,
  type ClientFrame,
  type ClientFrameInit,
  decodeClientFrame,
  decodePublication,
  decodeServerFrame,
  decodeSubscribed,
  encodeClientFrame,
  encodePublication,
  encodeServerFrame,
  encodeSubscribed,
  type Goal,
  type Goodbye,
  type Hello,
  type Kick,
  type Lineup,
  type LineupMember,
  type MatchSnapshot,
  type MatchState,
  type MessageInits,
  type MessageName,
  type MessageTypes,
  type Moderate,
  type Phase,
  type Ping,
  type Player,
  type Pong,
  type Possession,
  type Predict,
  type Publication,
  type PublicationInit,
  type React,
  type Refresh,
  type Reply,
  type Review,
  type Score,
  type ServerFrame,
  type ServerFrameInit,
  type Shootout,
  type Side,
  type Subscribe,
  type Subscribed,
  type SubscribedInit,
  type Team,
  type TimelineItem,
  type Track,
  type Unsubscribe,
  type Welcome,
  type Winner,
} from "./golazo_codec.ts";
export { fromJson, toJson } from "./json_mapping.ts";
export { ProtocolError, type ProtocolErrorCode } from "./protocol_error.ts";
