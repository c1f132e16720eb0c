/**
 * The codec of golazo.proto: for every message X the types X and XInit and the
 * functions encodeX, decodeX, readX and writeX; for every enum the list of its
 * names in the order of their numbers; and the table behind the JSON mapping.
 *
 * GENERATED from golazo.proto by `deno run -A ops/commands/generate_codec.ts`:
 * change the contract, then run that again.
 */
import { PbfReader, type PbfWriter } from "pbf";
import {
  nextField,
  readBool,
  readEnd,
  readEnum,
  readString,
  readUint32,
  readUint64,
  skipField,
} from "./checked_reader.ts";
import {
  encodeWith,
  writeBool,
  writeEnum,
  writeString,
  writeText,
  writeUint32,
  writeUint64,
} from "./checked_writer.ts";
import { clearOthers, refuseTwo } from "./oneof.ts";

export const SIDE_NAMES = ["unknownSide", "home", "away"] as const;
export type Side = (typeof SIDE_NAMES)[number];

export const PHASE_NAMES = [
  "unknownPhase",
  "scheduled",
  "firstHalf",
  "halfTime",
  "secondHalf",
  "awaitingExtraTime",
  "extraTimeFirst",
  "extraTimeHalfTime",
  "extraTimeSecond",
  "awaitingShootout",
  "shootout",
  "finished",
  "settled",
  "suspended",
  "postponed",
  "abandoned",
  "cancelled",
  "awarded",
] as const;
export type Phase = (typeof PHASE_NAMES)[number];

export const WINNER_NAMES = ["undecided", "homeWins", "awayWins", "draw"] as const;
export type Winner = (typeof WINNER_NAMES)[number];

export const GOAL_KIND_NAMES = ["scored", "annulled", "corrected"] as const;
export type GoalKind = (typeof GOAL_KIND_NAMES)[number];

export const REVIEW_REASON_NAMES = [
  "unknownReason",
  "goal",
  "penalty",
  "redCard",
  "secondYellow",
  "mistakenIdentity",
  "corner",
] as const;
export type ReviewReason = (typeof REVIEW_REASON_NAMES)[number];

export const TIMELINE_ITEM_KIND_NAMES = [
  "unknownKind",
  "goal",
  "penaltyMissed",
  "card",
  "substitution",
  "review",
  "period",
  "interruption",
] as const;
export type TimelineItemKind = (typeof TIMELINE_ITEM_KIND_NAMES)[number];

export const TIMELINE_ITEM_METHOD_NAMES = ["unknownMethod", "open", "penalty", "ownGoal"] as const;
export type TimelineItemMethod = (typeof TIMELINE_ITEM_METHOD_NAMES)[number];

export const TIMELINE_ITEM_CARD_NAMES = ["noCard", "yellow", "secondYellow", "red"] as const;
export type TimelineItemCard = (typeof TIMELINE_ITEM_CARD_NAMES)[number];

export const TIMELINE_ITEM_STATUS_NAMES = ["standing", "annulled", "removed"] as const;
export type TimelineItemStatus = (typeof TIMELINE_ITEM_STATUS_NAMES)[number];

export const CHAT_MESSAGE_BADGE_NAMES = ["noBadge", "moderator", "operator"] as const;
export type ChatMessageBadge = (typeof CHAT_MESSAGE_BADGE_NAMES)[number];

export const CLIENT_FRAME_FRAME_MEMBERS = [
  "hello",
  "subscribe",
  "unsubscribe",
  "track",
  "predict",
  "chatSend",
  "react",
  "moderate",
  "pong",
  "refresh",
  "attention",
] as const;

export interface ClientFrame {
  hello?: Hello;
  subscribe?: Subscribe;
  unsubscribe?: Unsubscribe;
  track?: Track;
  predict?: Predict;
  chatSend?: ChatSend;
  react?: React;
  moderate?: Moderate;
  pong?: Pong;
  refresh?: Refresh;
  attention?: Attention;
}

export interface ClientFrameInit {
  hello?: HelloInit;
  subscribe?: SubscribeInit;
  unsubscribe?: UnsubscribeInit;
  track?: TrackInit;
  predict?: PredictInit;
  chatSend?: ChatSendInit;
  react?: ReactInit;
  moderate?: ModerateInit;
  pong?: PongInit;
  refresh?: RefreshInit;
  attention?: AttentionInit;
}

export function encodeClientFrame(init: ClientFrameInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeClientFrame, init);
}

/** @throws {ProtocolError} where the bytes are not a ClientFrame. */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame {
  return readClientFrame(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readClientFrame(
  pbf: PbfReader,
  end: number,
  message: ClientFrame = {},
): ClientFrame {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "hello");
        message.hello = readHello(pbf, readEnd(pbf, end), message.hello);
        break;
      case 2:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "subscribe");
        message.subscribe = readSubscribe(pbf, readEnd(pbf, end), message.subscribe);
        break;
      case 3:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "unsubscribe");
        message.unsubscribe = readUnsubscribe(pbf, readEnd(pbf, end), message.unsubscribe);
        break;
      case 4:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "track");
        message.track = readTrack(pbf, readEnd(pbf, end), message.track);
        break;
      case 5:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "predict");
        message.predict = readPredict(pbf, readEnd(pbf, end), message.predict);
        break;
      case 6:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "chatSend");
        message.chatSend = readChatSend(pbf, readEnd(pbf, end), message.chatSend);
        break;
      case 7:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "react");
        message.react = readReact(pbf, readEnd(pbf, end), message.react);
        break;
      case 8:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "moderate");
        message.moderate = readModerate(pbf, readEnd(pbf, end), message.moderate);
        break;
      case 9:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "pong");
        message.pong = readPong(pbf, readEnd(pbf, end), message.pong);
        break;
      case 10:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "refresh");
        message.refresh = readRefresh(pbf, readEnd(pbf, end), message.refresh);
        break;
      case 11:
        clearOthers(message, CLIENT_FRAME_FRAME_MEMBERS, "attention");
        message.attention = readAttention(pbf, readEnd(pbf, end), message.attention);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeClientFrame(init: ClientFrameInit, pbf: PbfWriter): void {
  refuseTwo(init, CLIENT_FRAME_FRAME_MEMBERS);
  if (init.hello) pbf.writeMessage(1, writeHello, init.hello);
  if (init.subscribe) pbf.writeMessage(2, writeSubscribe, init.subscribe);
  if (init.unsubscribe) pbf.writeMessage(3, writeUnsubscribe, init.unsubscribe);
  if (init.track) pbf.writeMessage(4, writeTrack, init.track);
  if (init.predict) pbf.writeMessage(5, writePredict, init.predict);
  if (init.chatSend) pbf.writeMessage(6, writeChatSend, init.chatSend);
  if (init.react) pbf.writeMessage(7, writeReact, init.react);
  if (init.moderate) pbf.writeMessage(8, writeModerate, init.moderate);
  if (init.pong) pbf.writeMessage(9, writePong, init.pong);
  if (init.refresh) pbf.writeMessage(10, writeRefresh, init.refresh);
  if (init.attention) pbf.writeMessage(11, writeAttention, init.attention);
}

export interface Hello {
  token: string;
  deviceId: string;
  instanceId: string;
  attempt: number;
  lite: boolean;
  batch: boolean;
}

export interface HelloInit {
  token?: string;
  deviceId?: string;
  instanceId?: string;
  attempt?: number;
  lite?: boolean;
  batch?: boolean;
}

export function encodeHello(init: HelloInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeHello, init);
}

/** @throws {ProtocolError} where the bytes are not a Hello. */
export function decodeHello(bytes: Uint8Array): Hello {
  return readHello(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readHello(pbf: PbfReader, end: number, message: Hello = {
  token: "",
  deviceId: "",
  instanceId: "",
  attempt: 0,
  lite: false,
  batch: false,
}): Hello {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.token = readString(pbf, end);
        break;
      case 2:
        message.deviceId = readString(pbf, end);
        break;
      case 3:
        message.instanceId = readString(pbf, end);
        break;
      case 4:
        message.attempt = readUint32(pbf, end);
        break;
      case 5:
        message.lite = readBool(pbf, end);
        break;
      case 6:
        message.batch = readBool(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeHello(init: HelloInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.token);
  writeString(pbf, 2, init.deviceId);
  writeString(pbf, 3, init.instanceId);
  writeUint32(pbf, 4, init.attempt);
  writeBool(pbf, 5, init.lite);
  writeBool(pbf, 6, init.batch);
}

export interface Subscribe {
  id: number;
  channel: string;
  epoch: string;
  offset: number;
  lite: boolean;
}

export interface SubscribeInit {
  id?: number;
  channel?: string;
  epoch?: string;
  offset?: number;
  lite?: boolean;
}

export function encodeSubscribe(init: SubscribeInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeSubscribe, init);
}

/** @throws {ProtocolError} where the bytes are not a Subscribe. */
export function decodeSubscribe(bytes: Uint8Array): Subscribe {
  return readSubscribe(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readSubscribe(pbf: PbfReader, end: number, message: Subscribe = {
  id: 0,
  channel: "",
  epoch: "",
  offset: 0,
  lite: false,
}): Subscribe {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.channel = readString(pbf, end);
        break;
      case 3:
        message.epoch = readString(pbf, end);
        break;
      case 4:
        message.offset = readUint32(pbf, end);
        break;
      case 5:
        message.lite = readBool(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeSubscribe(init: SubscribeInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  writeString(pbf, 2, init.channel);
  writeString(pbf, 3, init.epoch);
  writeUint32(pbf, 4, init.offset);
  writeBool(pbf, 5, init.lite);
}

export interface Unsubscribe {
  id: number;
  channel: string;
}

export interface UnsubscribeInit {
  id?: number;
  channel?: string;
}

export function encodeUnsubscribe(init: UnsubscribeInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeUnsubscribe, init);
}

/** @throws {ProtocolError} where the bytes are not a Unsubscribe. */
export function decodeUnsubscribe(bytes: Uint8Array): Unsubscribe {
  return readUnsubscribe(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readUnsubscribe(pbf: PbfReader, end: number, message: Unsubscribe = {
  id: 0,
  channel: "",
}): Unsubscribe {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.channel = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeUnsubscribe(init: UnsubscribeInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  writeString(pbf, 2, init.channel);
}

export interface Track {
  id: number;
  matches: string[];
}

export interface TrackInit {
  id?: number;
  matches?: readonly string[];
}

export function encodeTrack(init: TrackInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeTrack, init);
}

/** @throws {ProtocolError} where the bytes are not a Track. */
export function decodeTrack(bytes: Uint8Array): Track {
  return readTrack(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readTrack(pbf: PbfReader, end: number, message: Track = {
  id: 0,
  matches: [],
}): Track {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.matches.push(readString(pbf, end));
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeTrack(init: TrackInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  for (const one of init.matches ?? []) writeText(pbf, 2, one);
}

export interface Predict {
  id: number;
  clientId: string;
  match: string;
  market: string;
  pick: string;
}

export interface PredictInit {
  id?: number;
  clientId?: string;
  match?: string;
  market?: string;
  pick?: string;
}

export function encodePredict(init: PredictInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writePredict, init);
}

/** @throws {ProtocolError} where the bytes are not a Predict. */
export function decodePredict(bytes: Uint8Array): Predict {
  return readPredict(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readPredict(pbf: PbfReader, end: number, message: Predict = {
  id: 0,
  clientId: "",
  match: "",
  market: "",
  pick: "",
}): Predict {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.clientId = readString(pbf, end);
        break;
      case 3:
        message.match = readString(pbf, end);
        break;
      case 4:
        message.market = readString(pbf, end);
        break;
      case 5:
        message.pick = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writePredict(init: PredictInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  writeString(pbf, 2, init.clientId);
  writeString(pbf, 3, init.match);
  writeString(pbf, 4, init.market);
  writeString(pbf, 5, init.pick);
}

export interface ChatSend {
  id: number;
  clientId: string;
  room: string;
  text: string;
  replyTo: string;
  sticker: string;
  edits: string;
}

export interface ChatSendInit {
  id?: number;
  clientId?: string;
  room?: string;
  text?: string;
  replyTo?: string;
  sticker?: string;
  edits?: string;
}

export function encodeChatSend(init: ChatSendInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeChatSend, init);
}

/** @throws {ProtocolError} where the bytes are not a ChatSend. */
export function decodeChatSend(bytes: Uint8Array): ChatSend {
  return readChatSend(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readChatSend(pbf: PbfReader, end: number, message: ChatSend = {
  id: 0,
  clientId: "",
  room: "",
  text: "",
  replyTo: "",
  sticker: "",
  edits: "",
}): ChatSend {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.clientId = readString(pbf, end);
        break;
      case 3:
        message.room = readString(pbf, end);
        break;
      case 4:
        message.text = readString(pbf, end);
        break;
      case 5:
        message.replyTo = readString(pbf, end);
        break;
      case 6:
        message.sticker = readString(pbf, end);
        break;
      case 7:
        message.edits = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeChatSend(init: ChatSendInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  writeString(pbf, 2, init.clientId);
  writeString(pbf, 3, init.room);
  writeString(pbf, 4, init.text);
  writeString(pbf, 5, init.replyTo);
  writeString(pbf, 6, init.sticker);
  writeString(pbf, 7, init.edits);
}

export interface React {
  id: number;
  room: string;
  message: string;
  reaction: string;
}

export interface ReactInit {
  id?: number;
  room?: string;
  message?: string;
  reaction?: string;
}

export function encodeReact(init: ReactInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeReact, init);
}

/** @throws {ProtocolError} where the bytes are not a React. */
export function decodeReact(bytes: Uint8Array): React {
  return readReact(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readReact(pbf: PbfReader, end: number, message: React = {
  id: 0,
  room: "",
  message: "",
  reaction: "",
}): React {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.room = readString(pbf, end);
        break;
      case 3:
        message.message = readString(pbf, end);
        break;
      case 4:
        message.reaction = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeReact(init: ReactInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  writeString(pbf, 2, init.room);
  writeString(pbf, 3, init.message);
  writeString(pbf, 4, init.reaction);
}

export interface Moderate {
  id: number;
  room: string;
  action: string;
  target: string;
  reason: string;
  until: number;
  clientId: string;
  seconds: number;
  confirm: boolean;
}

export interface ModerateInit {
  id?: number;
  room?: string;
  action?: string;
  target?: string;
  reason?: string;
  until?: number;
  clientId?: string;
  seconds?: number;
  confirm?: boolean;
}

export function encodeModerate(init: ModerateInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeModerate, init);
}

/** @throws {ProtocolError} where the bytes are not a Moderate. */
export function decodeModerate(bytes: Uint8Array): Moderate {
  return readModerate(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readModerate(pbf: PbfReader, end: number, message: Moderate = {
  id: 0,
  room: "",
  action: "",
  target: "",
  reason: "",
  until: 0,
  clientId: "",
  seconds: 0,
  confirm: false,
}): Moderate {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.room = readString(pbf, end);
        break;
      case 3:
        message.action = readString(pbf, end);
        break;
      case 4:
        message.target = readString(pbf, end);
        break;
      case 5:
        message.reason = readString(pbf, end);
        break;
      case 6:
        message.until = readUint64(pbf, end);
        break;
      case 7:
        message.clientId = readString(pbf, end);
        break;
      case 8:
        message.seconds = readUint32(pbf, end);
        break;
      case 9:
        message.confirm = readBool(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeModerate(init: ModerateInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  writeString(pbf, 2, init.room);
  writeString(pbf, 3, init.action);
  writeString(pbf, 4, init.target);
  writeString(pbf, 5, init.reason);
  writeUint64(pbf, 6, init.until);
  writeString(pbf, 7, init.clientId);
  writeUint32(pbf, 8, init.seconds);
  writeBool(pbf, 9, init.confirm);
}

export interface Pong {
  nonce: number;
}

export interface PongInit {
  nonce?: number;
}

export function encodePong(init: PongInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writePong, init);
}

/** @throws {ProtocolError} where the bytes are not a Pong. */
export function decodePong(bytes: Uint8Array): Pong {
  return readPong(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readPong(pbf: PbfReader, end: number, message: Pong = {
  nonce: 0,
}): Pong {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.nonce = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writePong(init: PongInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.nonce);
}

export interface Refresh {
  id: number;
  token: string;
}

export interface RefreshInit {
  id?: number;
  token?: string;
}

export function encodeRefresh(init: RefreshInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeRefresh, init);
}

/** @throws {ProtocolError} where the bytes are not a Refresh. */
export function decodeRefresh(bytes: Uint8Array): Refresh {
  return readRefresh(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readRefresh(pbf: PbfReader, end: number, message: Refresh = {
  id: 0,
  token: "",
}): Refresh {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.token = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeRefresh(init: RefreshInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  writeString(pbf, 2, init.token);
}

export interface Attention {
  background: boolean;
}

export interface AttentionInit {
  background?: boolean;
}

export function encodeAttention(init: AttentionInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeAttention, init);
}

/** @throws {ProtocolError} where the bytes are not a Attention. */
export function decodeAttention(bytes: Uint8Array): Attention {
  return readAttention(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readAttention(pbf: PbfReader, end: number, message: Attention = {
  background: false,
}): Attention {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.background = readBool(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeAttention(init: AttentionInit, pbf: PbfWriter): void {
  writeBool(pbf, 1, init.background);
}

export const SERVER_FRAME_FRAME_MEMBERS = [
  "publication",
  "welcome",
  "subscribed",
  "reply",
  "ping",
  "goodbye",
  "position",
] as const;

export interface ServerFrame {
  publication?: Publication;
  welcome?: Welcome;
  subscribed?: Subscribed;
  reply?: Reply;
  ping?: Ping;
  goodbye?: Goodbye;
  position?: Position;
}

export interface ServerFrameInit {
  publication?: PublicationInit;
  welcome?: WelcomeInit;
  subscribed?: SubscribedInit;
  reply?: ReplyInit;
  ping?: PingInit;
  goodbye?: GoodbyeInit;
  position?: PositionInit;
}

export function encodeServerFrame(init: ServerFrameInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeServerFrame, init);
}

/** @throws {ProtocolError} where the bytes are not a ServerFrame. */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  return readServerFrame(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readServerFrame(
  pbf: PbfReader,
  end: number,
  message: ServerFrame = {},
): ServerFrame {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        clearOthers(message, SERVER_FRAME_FRAME_MEMBERS, "publication");
        message.publication = readPublication(pbf, readEnd(pbf, end), message.publication);
        break;
      case 2:
        clearOthers(message, SERVER_FRAME_FRAME_MEMBERS, "welcome");
        message.welcome = readWelcome(pbf, readEnd(pbf, end), message.welcome);
        break;
      case 3:
        clearOthers(message, SERVER_FRAME_FRAME_MEMBERS, "subscribed");
        message.subscribed = readSubscribed(pbf, readEnd(pbf, end), message.subscribed);
        break;
      case 4:
        clearOthers(message, SERVER_FRAME_FRAME_MEMBERS, "reply");
        message.reply = readReply(pbf, readEnd(pbf, end), message.reply);
        break;
      case 5:
        clearOthers(message, SERVER_FRAME_FRAME_MEMBERS, "ping");
        message.ping = readPing(pbf, readEnd(pbf, end), message.ping);
        break;
      case 6:
        clearOthers(message, SERVER_FRAME_FRAME_MEMBERS, "goodbye");
        message.goodbye = readGoodbye(pbf, readEnd(pbf, end), message.goodbye);
        break;
      case 7:
        clearOthers(message, SERVER_FRAME_FRAME_MEMBERS, "position");
        message.position = readPosition(pbf, readEnd(pbf, end), message.position);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeServerFrame(init: ServerFrameInit, pbf: PbfWriter): void {
  refuseTwo(init, SERVER_FRAME_FRAME_MEMBERS);
  if (init.publication) pbf.writeMessage(1, writePublication, init.publication);
  if (init.welcome) pbf.writeMessage(2, writeWelcome, init.welcome);
  if (init.subscribed) pbf.writeMessage(3, writeSubscribed, init.subscribed);
  if (init.reply) pbf.writeMessage(4, writeReply, init.reply);
  if (init.ping) pbf.writeMessage(5, writePing, init.ping);
  if (init.goodbye) pbf.writeMessage(6, writeGoodbye, init.goodbye);
  if (init.position) pbf.writeMessage(7, writePosition, init.position);
}

export interface Welcome {
  serverTime: number;
  session: string;
  pingEveryMs: number;
  pongWithinMs: number;
  subject: string;
  role: string;
  subscriptionsMax: number;
}

export interface WelcomeInit {
  serverTime?: number;
  session?: string;
  pingEveryMs?: number;
  pongWithinMs?: number;
  subject?: string;
  role?: string;
  subscriptionsMax?: number;
}

export function encodeWelcome(init: WelcomeInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeWelcome, init);
}

/** @throws {ProtocolError} where the bytes are not a Welcome. */
export function decodeWelcome(bytes: Uint8Array): Welcome {
  return readWelcome(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readWelcome(pbf: PbfReader, end: number, message: Welcome = {
  serverTime: 0,
  session: "",
  pingEveryMs: 0,
  pongWithinMs: 0,
  subject: "",
  role: "",
  subscriptionsMax: 0,
}): Welcome {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.serverTime = readUint64(pbf, end);
        break;
      case 2:
        message.session = readString(pbf, end);
        break;
      case 3:
        message.pingEveryMs = readUint32(pbf, end);
        break;
      case 4:
        message.pongWithinMs = readUint32(pbf, end);
        break;
      case 5:
        message.subject = readString(pbf, end);
        break;
      case 6:
        message.role = readString(pbf, end);
        break;
      case 7:
        message.subscriptionsMax = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeWelcome(init: WelcomeInit, pbf: PbfWriter): void {
  writeUint64(pbf, 1, init.serverTime);
  writeString(pbf, 2, init.session);
  writeUint32(pbf, 3, init.pingEveryMs);
  writeUint32(pbf, 4, init.pongWithinMs);
  writeString(pbf, 5, init.subject);
  writeString(pbf, 6, init.role);
  writeUint32(pbf, 7, init.subscriptionsMax);
}

export const SUBSCRIBED_SNAPSHOT_MEMBERS = ["match", "room"] as const;

export interface Subscribed {
  id: number;
  channel: string;
  number: number;
  epoch: string;
  offset: number;
  recovered: boolean;
  publications: Publication[];
  match?: MatchSnapshot;
  room?: RoomSnapshot;
}

export interface SubscribedInit {
  id?: number;
  channel?: string;
  number?: number;
  epoch?: string;
  offset?: number;
  recovered?: boolean;
  publications?: readonly PublicationInit[];
  match?: MatchSnapshotInit;
  room?: RoomSnapshotInit;
}

export function encodeSubscribed(init: SubscribedInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeSubscribed, init);
}

/** @throws {ProtocolError} where the bytes are not a Subscribed. */
export function decodeSubscribed(bytes: Uint8Array): Subscribed {
  return readSubscribed(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readSubscribed(pbf: PbfReader, end: number, message: Subscribed = {
  id: 0,
  channel: "",
  number: 0,
  epoch: "",
  offset: 0,
  recovered: false,
  publications: [],
}): Subscribed {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.channel = readString(pbf, end);
        break;
      case 3:
        message.number = readUint32(pbf, end);
        break;
      case 4:
        message.epoch = readString(pbf, end);
        break;
      case 5:
        message.offset = readUint32(pbf, end);
        break;
      case 6:
        message.recovered = readBool(pbf, end);
        break;
      case 7:
        message.publications.push(readPublication(pbf, readEnd(pbf, end)));
        break;
      case 8:
        clearOthers(message, SUBSCRIBED_SNAPSHOT_MEMBERS, "match");
        message.match = readMatchSnapshot(pbf, readEnd(pbf, end), message.match);
        break;
      case 9:
        clearOthers(message, SUBSCRIBED_SNAPSHOT_MEMBERS, "room");
        message.room = readRoomSnapshot(pbf, readEnd(pbf, end), message.room);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeSubscribed(init: SubscribedInit, pbf: PbfWriter): void {
  refuseTwo(init, SUBSCRIBED_SNAPSHOT_MEMBERS);
  writeUint32(pbf, 1, init.id);
  writeString(pbf, 2, init.channel);
  writeUint32(pbf, 3, init.number);
  writeString(pbf, 4, init.epoch);
  writeUint32(pbf, 5, init.offset);
  writeBool(pbf, 6, init.recovered);
  for (const one of init.publications ?? []) pbf.writeMessage(7, writePublication, one);
  if (init.match) pbf.writeMessage(8, writeMatchSnapshot, init.match);
  if (init.room) pbf.writeMessage(9, writeRoomSnapshot, init.room);
}

export interface Reply {
  id: number;
  code: string;
  reason: string;
  retryAfterMs: number;
  made: string;
}

export interface ReplyInit {
  id?: number;
  code?: string;
  reason?: string;
  retryAfterMs?: number;
  made?: string;
}

export function encodeReply(init: ReplyInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeReply, init);
}

/** @throws {ProtocolError} where the bytes are not a Reply. */
export function decodeReply(bytes: Uint8Array): Reply {
  return readReply(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readReply(pbf: PbfReader, end: number, message: Reply = {
  id: 0,
  code: "",
  reason: "",
  retryAfterMs: 0,
  made: "",
}): Reply {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.code = readString(pbf, end);
        break;
      case 3:
        message.reason = readString(pbf, end);
        break;
      case 4:
        message.retryAfterMs = readUint32(pbf, end);
        break;
      case 5:
        message.made = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeReply(init: ReplyInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  writeString(pbf, 2, init.code);
  writeString(pbf, 3, init.reason);
  writeUint32(pbf, 4, init.retryAfterMs);
  writeString(pbf, 5, init.made);
}

export interface Ping {
  nonce: number;
}

export interface PingInit {
  nonce?: number;
}

export function encodePing(init: PingInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writePing, init);
}

/** @throws {ProtocolError} where the bytes are not a Ping. */
export function decodePing(bytes: Uint8Array): Ping {
  return readPing(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readPing(pbf: PbfReader, end: number, message: Ping = {
  nonce: 0,
}): Ping {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.nonce = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writePing(init: PingInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.nonce);
}

export interface Goodbye {
  reason: string;
  retryAfterMs: number;
  code: number;
}

export interface GoodbyeInit {
  reason?: string;
  retryAfterMs?: number;
  code?: number;
}

export function encodeGoodbye(init: GoodbyeInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeGoodbye, init);
}

/** @throws {ProtocolError} where the bytes are not a Goodbye. */
export function decodeGoodbye(bytes: Uint8Array): Goodbye {
  return readGoodbye(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readGoodbye(pbf: PbfReader, end: number, message: Goodbye = {
  reason: "",
  retryAfterMs: 0,
  code: 0,
}): Goodbye {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.reason = readString(pbf, end);
        break;
      case 2:
        message.retryAfterMs = readUint32(pbf, end);
        break;
      case 3:
        message.code = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeGoodbye(init: GoodbyeInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.reason);
  writeUint32(pbf, 2, init.retryAfterMs);
  writeUint32(pbf, 3, init.code);
}

export interface Position {
  channel: number;
  offset: number;
  skipped: number;
}

export interface PositionInit {
  channel?: number;
  offset?: number;
  skipped?: number;
}

export function encodePosition(init: PositionInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writePosition, init);
}

/** @throws {ProtocolError} where the bytes are not a Position. */
export function decodePosition(bytes: Uint8Array): Position {
  return readPosition(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readPosition(pbf: PbfReader, end: number, message: Position = {
  channel: 0,
  offset: 0,
  skipped: 0,
}): Position {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.channel = readUint32(pbf, end);
        break;
      case 2:
        message.offset = readUint32(pbf, end);
        break;
      case 3:
        message.skipped = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writePosition(init: PositionInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.channel);
  writeUint32(pbf, 2, init.offset);
  writeUint32(pbf, 3, init.skipped);
}

export const PUBLICATION_BODY_MEMBERS = [
  "goal",
  "state",
  "kick",
  "item",
  "lineup",
  "possession",
  "markets",
  "crowd",
  "standings",
  "projection",
  "settlement",
  "chat",
  "removal",
  "more",
  "reactions",
  "room",
  "notice",
  "assets",
] as const;

export interface Publication {
  channel: number;
  offset: number;
  goal?: Goal;
  state?: MatchState;
  kick?: Kick;
  item?: TimelineItem;
  lineup?: Lineup;
  possession?: Possession;
  markets?: Markets;
  crowd?: Crowd;
  standings?: Standings;
  projection?: Projection;
  settlement?: Settlement;
  chat?: ChatMessage;
  removal?: ChatRemoval;
  more?: ChatMore;
  reactions?: Reactions;
  room?: RoomState;
  notice?: Notice;
  assets?: AssetsManifest;
}

export interface PublicationInit {
  channel?: number;
  offset?: number;
  goal?: GoalInit;
  state?: MatchStateInit;
  kick?: KickInit;
  item?: TimelineItemInit;
  lineup?: LineupInit;
  possession?: PossessionInit;
  markets?: MarketsInit;
  crowd?: CrowdInit;
  standings?: StandingsInit;
  projection?: ProjectionInit;
  settlement?: SettlementInit;
  chat?: ChatMessageInit;
  removal?: ChatRemovalInit;
  more?: ChatMoreInit;
  reactions?: ReactionsInit;
  room?: RoomStateInit;
  notice?: NoticeInit;
  assets?: AssetsManifestInit;
}

export function encodePublication(init: PublicationInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writePublication, init);
}

/** @throws {ProtocolError} where the bytes are not a Publication. */
export function decodePublication(bytes: Uint8Array): Publication {
  return readPublication(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readPublication(pbf: PbfReader, end: number, message: Publication = {
  channel: 0,
  offset: 0,
}): Publication {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.channel = readUint32(pbf, end);
        break;
      case 2:
        message.offset = readUint32(pbf, end);
        break;
      case 3:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "goal");
        message.goal = readGoal(pbf, readEnd(pbf, end), message.goal);
        break;
      case 4:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "state");
        message.state = readMatchState(pbf, readEnd(pbf, end), message.state);
        break;
      case 5:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "kick");
        message.kick = readKick(pbf, readEnd(pbf, end), message.kick);
        break;
      case 6:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "item");
        message.item = readTimelineItem(pbf, readEnd(pbf, end), message.item);
        break;
      case 7:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "lineup");
        message.lineup = readLineup(pbf, readEnd(pbf, end), message.lineup);
        break;
      case 8:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "possession");
        message.possession = readPossession(pbf, readEnd(pbf, end), message.possession);
        break;
      case 9:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "markets");
        message.markets = readMarkets(pbf, readEnd(pbf, end), message.markets);
        break;
      case 10:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "crowd");
        message.crowd = readCrowd(pbf, readEnd(pbf, end), message.crowd);
        break;
      case 11:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "standings");
        message.standings = readStandings(pbf, readEnd(pbf, end), message.standings);
        break;
      case 12:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "projection");
        message.projection = readProjection(pbf, readEnd(pbf, end), message.projection);
        break;
      case 13:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "settlement");
        message.settlement = readSettlement(pbf, readEnd(pbf, end), message.settlement);
        break;
      case 14:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "chat");
        message.chat = readChatMessage(pbf, readEnd(pbf, end), message.chat);
        break;
      case 15:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "removal");
        message.removal = readChatRemoval(pbf, readEnd(pbf, end), message.removal);
        break;
      case 16:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "more");
        message.more = readChatMore(pbf, readEnd(pbf, end), message.more);
        break;
      case 17:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "reactions");
        message.reactions = readReactions(pbf, readEnd(pbf, end), message.reactions);
        break;
      case 18:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "room");
        message.room = readRoomState(pbf, readEnd(pbf, end), message.room);
        break;
      case 19:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "notice");
        message.notice = readNotice(pbf, readEnd(pbf, end), message.notice);
        break;
      case 20:
        clearOthers(message, PUBLICATION_BODY_MEMBERS, "assets");
        message.assets = readAssetsManifest(pbf, readEnd(pbf, end), message.assets);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writePublication(init: PublicationInit, pbf: PbfWriter): void {
  refuseTwo(init, PUBLICATION_BODY_MEMBERS);
  writeUint32(pbf, 1, init.channel);
  writeUint32(pbf, 2, init.offset);
  if (init.goal) pbf.writeMessage(3, writeGoal, init.goal);
  if (init.state) pbf.writeMessage(4, writeMatchState, init.state);
  if (init.kick) pbf.writeMessage(5, writeKick, init.kick);
  if (init.item) pbf.writeMessage(6, writeTimelineItem, init.item);
  if (init.lineup) pbf.writeMessage(7, writeLineup, init.lineup);
  if (init.possession) pbf.writeMessage(8, writePossession, init.possession);
  if (init.markets) pbf.writeMessage(9, writeMarkets, init.markets);
  if (init.crowd) pbf.writeMessage(10, writeCrowd, init.crowd);
  if (init.standings) pbf.writeMessage(11, writeStandings, init.standings);
  if (init.projection) pbf.writeMessage(12, writeProjection, init.projection);
  if (init.settlement) pbf.writeMessage(13, writeSettlement, init.settlement);
  if (init.chat) pbf.writeMessage(14, writeChatMessage, init.chat);
  if (init.removal) pbf.writeMessage(15, writeChatRemoval, init.removal);
  if (init.more) pbf.writeMessage(16, writeChatMore, init.more);
  if (init.reactions) pbf.writeMessage(17, writeReactions, init.reactions);
  if (init.room) pbf.writeMessage(18, writeRoomState, init.room);
  if (init.notice) pbf.writeMessage(19, writeNotice, init.notice);
  if (init.assets) pbf.writeMessage(20, writeAssetsManifest, init.assets);
}

export interface Goal {
  kind: GoalKind;
  side: Side;
  home: number;
  away: number;
  minute: number;
  stoppage: number;
}

export interface GoalInit {
  kind?: GoalKind;
  side?: Side;
  home?: number;
  away?: number;
  minute?: number;
  stoppage?: number;
}

export function encodeGoal(init: GoalInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeGoal, init);
}

/** @throws {ProtocolError} where the bytes are not a Goal. */
export function decodeGoal(bytes: Uint8Array): Goal {
  return readGoal(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readGoal(pbf: PbfReader, end: number, message: Goal = {
  kind: "scored",
  side: "unknownSide",
  home: 0,
  away: 0,
  minute: 0,
  stoppage: 0,
}): Goal {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.kind = readEnum(pbf, end, GOAL_KIND_NAMES);
        break;
      case 2:
        message.side = readEnum(pbf, end, SIDE_NAMES);
        break;
      case 3:
        message.home = readUint32(pbf, end);
        break;
      case 4:
        message.away = readUint32(pbf, end);
        break;
      case 5:
        message.minute = readUint32(pbf, end);
        break;
      case 6:
        message.stoppage = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeGoal(init: GoalInit, pbf: PbfWriter): void {
  writeEnum(pbf, 1, init.kind, GOAL_KIND_NAMES);
  writeEnum(pbf, 2, init.side, SIDE_NAMES);
  writeUint32(pbf, 3, init.home);
  writeUint32(pbf, 4, init.away);
  writeUint32(pbf, 5, init.minute);
  writeUint32(pbf, 6, init.stoppage);
}

export interface Score {
  home: number;
  away: number;
}

export interface ScoreInit {
  home?: number;
  away?: number;
}

export function encodeScore(init: ScoreInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeScore, init);
}

/** @throws {ProtocolError} where the bytes are not a Score. */
export function decodeScore(bytes: Uint8Array): Score {
  return readScore(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readScore(pbf: PbfReader, end: number, message: Score = {
  home: 0,
  away: 0,
}): Score {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.home = readUint32(pbf, end);
        break;
      case 2:
        message.away = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeScore(init: ScoreInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.home);
  writeUint32(pbf, 2, init.away);
}

export interface MatchState {
  phase: Phase;
  phaseStartedAt: number;
  running: boolean;
  stoppageAnnounced: number;
  review?: Review;
  score?: Score;
  regular?: Score;
  extraTime?: Score;
  shootout?: Shootout;
  winner: Winner;
  feedSilentSince: number;
  kickoffAt: number;
  note: string;
  played?: Score;
  stale: boolean;
}

export interface MatchStateInit {
  phase?: Phase;
  phaseStartedAt?: number;
  running?: boolean;
  stoppageAnnounced?: number;
  review?: ReviewInit;
  score?: ScoreInit;
  regular?: ScoreInit;
  extraTime?: ScoreInit;
  shootout?: ShootoutInit;
  winner?: Winner;
  feedSilentSince?: number;
  kickoffAt?: number;
  note?: string;
  played?: ScoreInit;
  stale?: boolean;
}

export function encodeMatchState(init: MatchStateInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeMatchState, init);
}

/** @throws {ProtocolError} where the bytes are not a MatchState. */
export function decodeMatchState(bytes: Uint8Array): MatchState {
  return readMatchState(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readMatchState(pbf: PbfReader, end: number, message: MatchState = {
  phase: "unknownPhase",
  phaseStartedAt: 0,
  running: false,
  stoppageAnnounced: 0,

  winner: "undecided",
  feedSilentSince: 0,
  kickoffAt: 0,
  note: "",

  stale: false,
}): MatchState {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.phase = readEnum(pbf, end, PHASE_NAMES);
        break;
      case 2:
        message.phaseStartedAt = readUint64(pbf, end);
        break;
      case 3:
        message.running = readBool(pbf, end);
        break;
      case 4:
        message.stoppageAnnounced = readUint32(pbf, end);
        break;
      case 5:
        message.review = readReview(pbf, readEnd(pbf, end), message.review);
        break;
      case 6:
        message.score = readScore(pbf, readEnd(pbf, end), message.score);
        break;
      case 7:
        message.regular = readScore(pbf, readEnd(pbf, end), message.regular);
        break;
      case 8:
        message.extraTime = readScore(pbf, readEnd(pbf, end), message.extraTime);
        break;
      case 9:
        message.shootout = readShootout(pbf, readEnd(pbf, end), message.shootout);
        break;
      case 10:
        message.winner = readEnum(pbf, end, WINNER_NAMES);
        break;
      case 11:
        message.feedSilentSince = readUint64(pbf, end);
        break;
      case 12:
        message.kickoffAt = readUint64(pbf, end);
        break;
      case 13:
        message.note = readString(pbf, end);
        break;
      case 14:
        message.played = readScore(pbf, readEnd(pbf, end), message.played);
        break;
      case 15:
        message.stale = readBool(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeMatchState(init: MatchStateInit, pbf: PbfWriter): void {
  writeEnum(pbf, 1, init.phase, PHASE_NAMES);
  writeUint64(pbf, 2, init.phaseStartedAt);
  writeBool(pbf, 3, init.running);
  writeUint32(pbf, 4, init.stoppageAnnounced);
  if (init.review) pbf.writeMessage(5, writeReview, init.review);
  if (init.score) pbf.writeMessage(6, writeScore, init.score);
  if (init.regular) pbf.writeMessage(7, writeScore, init.regular);
  if (init.extraTime) pbf.writeMessage(8, writeScore, init.extraTime);
  if (init.shootout) pbf.writeMessage(9, writeShootout, init.shootout);
  writeEnum(pbf, 10, init.winner, WINNER_NAMES);
  writeUint64(pbf, 11, init.feedSilentSince);
  writeUint64(pbf, 12, init.kickoffAt);
  writeString(pbf, 13, init.note);
  if (init.played) pbf.writeMessage(14, writeScore, init.played);
  writeBool(pbf, 15, init.stale);
}

export interface Review {
  reason: ReviewReason;
  since: number;
}

export interface ReviewInit {
  reason?: ReviewReason;
  since?: number;
}

export function encodeReview(init: ReviewInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeReview, init);
}

/** @throws {ProtocolError} where the bytes are not a Review. */
export function decodeReview(bytes: Uint8Array): Review {
  return readReview(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readReview(pbf: PbfReader, end: number, message: Review = {
  reason: "unknownReason",
  since: 0,
}): Review {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.reason = readEnum(pbf, end, REVIEW_REASON_NAMES);
        break;
      case 2:
        message.since = readUint64(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeReview(init: ReviewInit, pbf: PbfWriter): void {
  writeEnum(pbf, 1, init.reason, REVIEW_REASON_NAMES);
  writeUint64(pbf, 2, init.since);
}

export interface Shootout {
  kicks: Kick[];
  home: number;
  away: number;
  first: Side;
}

export interface ShootoutInit {
  kicks?: readonly KickInit[];
  home?: number;
  away?: number;
  first?: Side;
}

export function encodeShootout(init: ShootoutInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeShootout, init);
}

/** @throws {ProtocolError} where the bytes are not a Shootout. */
export function decodeShootout(bytes: Uint8Array): Shootout {
  return readShootout(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readShootout(pbf: PbfReader, end: number, message: Shootout = {
  kicks: [],
  home: 0,
  away: 0,
  first: "unknownSide",
}): Shootout {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.kicks.push(readKick(pbf, readEnd(pbf, end)));
        break;
      case 2:
        message.home = readUint32(pbf, end);
        break;
      case 3:
        message.away = readUint32(pbf, end);
        break;
      case 4:
        message.first = readEnum(pbf, end, SIDE_NAMES);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeShootout(init: ShootoutInit, pbf: PbfWriter): void {
  for (const one of init.kicks ?? []) pbf.writeMessage(1, writeKick, one);
  writeUint32(pbf, 2, init.home);
  writeUint32(pbf, 3, init.away);
  writeEnum(pbf, 4, init.first, SIDE_NAMES);
}

export interface Kick {
  number: number;
  side: Side;
  scored: boolean;
  home: number;
  away: number;
  player: string;
}

export interface KickInit {
  number?: number;
  side?: Side;
  scored?: boolean;
  home?: number;
  away?: number;
  player?: string;
}

export function encodeKick(init: KickInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeKick, init);
}

/** @throws {ProtocolError} where the bytes are not a Kick. */
export function decodeKick(bytes: Uint8Array): Kick {
  return readKick(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readKick(pbf: PbfReader, end: number, message: Kick = {
  number: 0,
  side: "unknownSide",
  scored: false,
  home: 0,
  away: 0,
  player: "",
}): Kick {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.number = readUint32(pbf, end);
        break;
      case 2:
        message.side = readEnum(pbf, end, SIDE_NAMES);
        break;
      case 3:
        message.scored = readBool(pbf, end);
        break;
      case 4:
        message.home = readUint32(pbf, end);
        break;
      case 5:
        message.away = readUint32(pbf, end);
        break;
      case 6:
        message.player = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeKick(init: KickInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.number);
  writeEnum(pbf, 2, init.side, SIDE_NAMES);
  writeBool(pbf, 3, init.scored);
  writeUint32(pbf, 4, init.home);
  writeUint32(pbf, 5, init.away);
  writeString(pbf, 6, init.player);
}

export interface Player {
  id: string;
  name: string;
}

export interface PlayerInit {
  id?: string;
  name?: string;
}

export function encodePlayer(init: PlayerInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writePlayer, init);
}

/** @throws {ProtocolError} where the bytes are not a Player. */
export function decodePlayer(bytes: Uint8Array): Player {
  return readPlayer(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readPlayer(pbf: PbfReader, end: number, message: Player = {
  id: "",
  name: "",
}): Player {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readString(pbf, end);
        break;
      case 2:
        message.name = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writePlayer(init: PlayerInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.id);
  writeString(pbf, 2, init.name);
}

export interface TimelineItem {
  id: number;
  kind: TimelineItemKind;
  status: TimelineItemStatus;
  side: Side;
  phase: Phase;
  minute: number;
  stoppage: number;
  player?: Player;
  other?: Player;
  method: TimelineItemMethod;
  colour: TimelineItemCard;
  score?: Score;
  amended: boolean;
  text: string;
  order: number;
}

export interface TimelineItemInit {
  id?: number;
  kind?: TimelineItemKind;
  status?: TimelineItemStatus;
  side?: Side;
  phase?: Phase;
  minute?: number;
  stoppage?: number;
  player?: PlayerInit;
  other?: PlayerInit;
  method?: TimelineItemMethod;
  colour?: TimelineItemCard;
  score?: ScoreInit;
  amended?: boolean;
  text?: string;
  order?: number;
}

export function encodeTimelineItem(init: TimelineItemInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeTimelineItem, init);
}

/** @throws {ProtocolError} where the bytes are not a TimelineItem. */
export function decodeTimelineItem(bytes: Uint8Array): TimelineItem {
  return readTimelineItem(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readTimelineItem(pbf: PbfReader, end: number, message: TimelineItem = {
  id: 0,
  kind: "unknownKind",
  status: "standing",
  side: "unknownSide",
  phase: "unknownPhase",
  minute: 0,
  stoppage: 0,

  method: "unknownMethod",
  colour: "noCard",

  amended: false,
  text: "",
  order: 0,
}): TimelineItem {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readUint32(pbf, end);
        break;
      case 2:
        message.kind = readEnum(pbf, end, TIMELINE_ITEM_KIND_NAMES);
        break;
      case 3:
        message.status = readEnum(pbf, end, TIMELINE_ITEM_STATUS_NAMES);
        break;
      case 4:
        message.side = readEnum(pbf, end, SIDE_NAMES);
        break;
      case 5:
        message.phase = readEnum(pbf, end, PHASE_NAMES);
        break;
      case 6:
        message.minute = readUint32(pbf, end);
        break;
      case 7:
        message.stoppage = readUint32(pbf, end);
        break;
      case 8:
        message.player = readPlayer(pbf, readEnd(pbf, end), message.player);
        break;
      case 9:
        message.other = readPlayer(pbf, readEnd(pbf, end), message.other);
        break;
      case 10:
        message.method = readEnum(pbf, end, TIMELINE_ITEM_METHOD_NAMES);
        break;
      case 11:
        message.colour = readEnum(pbf, end, TIMELINE_ITEM_CARD_NAMES);
        break;
      case 12:
        message.score = readScore(pbf, readEnd(pbf, end), message.score);
        break;
      case 13:
        message.amended = readBool(pbf, end);
        break;
      case 14:
        message.text = readString(pbf, end);
        break;
      case 15:
        message.order = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeTimelineItem(init: TimelineItemInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.id);
  writeEnum(pbf, 2, init.kind, TIMELINE_ITEM_KIND_NAMES);
  writeEnum(pbf, 3, init.status, TIMELINE_ITEM_STATUS_NAMES);
  writeEnum(pbf, 4, init.side, SIDE_NAMES);
  writeEnum(pbf, 5, init.phase, PHASE_NAMES);
  writeUint32(pbf, 6, init.minute);
  writeUint32(pbf, 7, init.stoppage);
  if (init.player) pbf.writeMessage(8, writePlayer, init.player);
  if (init.other) pbf.writeMessage(9, writePlayer, init.other);
  writeEnum(pbf, 10, init.method, TIMELINE_ITEM_METHOD_NAMES);
  writeEnum(pbf, 11, init.colour, TIMELINE_ITEM_CARD_NAMES);
  if (init.score) pbf.writeMessage(12, writeScore, init.score);
  writeBool(pbf, 13, init.amended);
  writeString(pbf, 14, init.text);
  writeUint32(pbf, 15, init.order);
}

export interface Lineup {
  side: Side;
  members: LineupMember[];
}

export interface LineupInit {
  side?: Side;
  members?: readonly LineupMemberInit[];
}

export function encodeLineup(init: LineupInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeLineup, init);
}

/** @throws {ProtocolError} where the bytes are not a Lineup. */
export function decodeLineup(bytes: Uint8Array): Lineup {
  return readLineup(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readLineup(pbf: PbfReader, end: number, message: Lineup = {
  side: "unknownSide",
  members: [],
}): Lineup {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.side = readEnum(pbf, end, SIDE_NAMES);
        break;
      case 2:
        message.members.push(readLineupMember(pbf, readEnd(pbf, end)));
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeLineup(init: LineupInit, pbf: PbfWriter): void {
  writeEnum(pbf, 1, init.side, SIDE_NAMES);
  for (const one of init.members ?? []) pbf.writeMessage(2, writeLineupMember, one);
}

export interface LineupMember {
  player?: Player;
  number: number;
  position: string;
  starting: boolean;
}

export interface LineupMemberInit {
  player?: PlayerInit;
  number?: number;
  position?: string;
  starting?: boolean;
}

export function encodeLineupMember(init: LineupMemberInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeLineupMember, init);
}

/** @throws {ProtocolError} where the bytes are not a LineupMember. */
export function decodeLineupMember(bytes: Uint8Array): LineupMember {
  return readLineupMember(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readLineupMember(pbf: PbfReader, end: number, message: LineupMember = {
  number: 0,
  position: "",
  starting: false,
}): LineupMember {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.player = readPlayer(pbf, readEnd(pbf, end), message.player);
        break;
      case 2:
        message.number = readUint32(pbf, end);
        break;
      case 3:
        message.position = readString(pbf, end);
        break;
      case 4:
        message.starting = readBool(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeLineupMember(init: LineupMemberInit, pbf: PbfWriter): void {
  if (init.player) pbf.writeMessage(1, writePlayer, init.player);
  writeUint32(pbf, 2, init.number);
  writeString(pbf, 3, init.position);
  writeBool(pbf, 4, init.starting);
}

export interface Possession {
  home: number;
  away: number;
}

export interface PossessionInit {
  home?: number;
  away?: number;
}

export function encodePossession(init: PossessionInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writePossession, init);
}

/** @throws {ProtocolError} where the bytes are not a Possession. */
export function decodePossession(bytes: Uint8Array): Possession {
  return readPossession(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readPossession(pbf: PbfReader, end: number, message: Possession = {
  home: 0,
  away: 0,
}): Possession {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.home = readUint32(pbf, end);
        break;
      case 2:
        message.away = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writePossession(init: PossessionInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.home);
  writeUint32(pbf, 2, init.away);
}

export interface Team {
  id: string;
  name: string;
  code: string;
  country: string;
}

export interface TeamInit {
  id?: string;
  name?: string;
  code?: string;
  country?: string;
}

export function encodeTeam(init: TeamInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeTeam, init);
}

/** @throws {ProtocolError} where the bytes are not a Team. */
export function decodeTeam(bytes: Uint8Array): Team {
  return readTeam(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readTeam(pbf: PbfReader, end: number, message: Team = {
  id: "",
  name: "",
  code: "",
  country: "",
}): Team {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readString(pbf, end);
        break;
      case 2:
        message.name = readString(pbf, end);
        break;
      case 3:
        message.code = readString(pbf, end);
        break;
      case 4:
        message.country = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeTeam(init: TeamInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.id);
  writeString(pbf, 2, init.name);
  writeString(pbf, 3, init.code);
  writeString(pbf, 4, init.country);
}

export interface MatchSnapshot {
  id: string;
  competition: string;
  stage: string;
  home?: Team;
  away?: Team;
  clockRate: number;
  seq: number;
  state?: MatchState;
  timeline: TimelineItem[];
  lineups: Lineup[];
  possession?: Possession;
  venue: string;
}

export interface MatchSnapshotInit {
  id?: string;
  competition?: string;
  stage?: string;
  home?: TeamInit;
  away?: TeamInit;
  clockRate?: number;
  seq?: number;
  state?: MatchStateInit;
  timeline?: readonly TimelineItemInit[];
  lineups?: readonly LineupInit[];
  possession?: PossessionInit;
  venue?: string;
}

export function encodeMatchSnapshot(init: MatchSnapshotInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeMatchSnapshot, init);
}

/** @throws {ProtocolError} where the bytes are not a MatchSnapshot. */
export function decodeMatchSnapshot(bytes: Uint8Array): MatchSnapshot {
  return readMatchSnapshot(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readMatchSnapshot(pbf: PbfReader, end: number, message: MatchSnapshot = {
  id: "",
  competition: "",
  stage: "",

  clockRate: 0,
  seq: 0,

  timeline: [],
  lineups: [],

  venue: "",
}): MatchSnapshot {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readString(pbf, end);
        break;
      case 2:
        message.competition = readString(pbf, end);
        break;
      case 3:
        message.stage = readString(pbf, end);
        break;
      case 4:
        message.home = readTeam(pbf, readEnd(pbf, end), message.home);
        break;
      case 5:
        message.away = readTeam(pbf, readEnd(pbf, end), message.away);
        break;
      case 6:
        message.clockRate = readUint32(pbf, end);
        break;
      case 7:
        message.seq = readUint32(pbf, end);
        break;
      case 8:
        message.state = readMatchState(pbf, readEnd(pbf, end), message.state);
        break;
      case 9:
        message.timeline.push(readTimelineItem(pbf, readEnd(pbf, end)));
        break;
      case 10:
        message.lineups.push(readLineup(pbf, readEnd(pbf, end)));
        break;
      case 11:
        message.possession = readPossession(pbf, readEnd(pbf, end), message.possession);
        break;
      case 12:
        message.venue = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeMatchSnapshot(init: MatchSnapshotInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.id);
  writeString(pbf, 2, init.competition);
  writeString(pbf, 3, init.stage);
  if (init.home) pbf.writeMessage(4, writeTeam, init.home);
  if (init.away) pbf.writeMessage(5, writeTeam, init.away);
  writeUint32(pbf, 6, init.clockRate);
  writeUint32(pbf, 7, init.seq);
  if (init.state) pbf.writeMessage(8, writeMatchState, init.state);
  for (const one of init.timeline ?? []) pbf.writeMessage(9, writeTimelineItem, one);
  for (const one of init.lineups ?? []) pbf.writeMessage(10, writeLineup, one);
  if (init.possession) pbf.writeMessage(11, writePossession, init.possession);
  writeString(pbf, 12, init.venue);
}

export interface Markets {
  lockAt: number;
  open: string[];
  voided: string[];
  suspended: boolean;
  reason: string;
}

export interface MarketsInit {
  lockAt?: number;
  open?: readonly string[];
  voided?: readonly string[];
  suspended?: boolean;
  reason?: string;
}

export function encodeMarkets(init: MarketsInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeMarkets, init);
}

/** @throws {ProtocolError} where the bytes are not a Markets. */
export function decodeMarkets(bytes: Uint8Array): Markets {
  return readMarkets(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readMarkets(pbf: PbfReader, end: number, message: Markets = {
  lockAt: 0,
  open: [],
  voided: [],
  suspended: false,
  reason: "",
}): Markets {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.lockAt = readUint64(pbf, end);
        break;
      case 2:
        message.open.push(readString(pbf, end));
        break;
      case 3:
        message.voided.push(readString(pbf, end));
        break;
      case 4:
        message.suspended = readBool(pbf, end);
        break;
      case 5:
        message.reason = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeMarkets(init: MarketsInit, pbf: PbfWriter): void {
  writeUint64(pbf, 1, init.lockAt);
  for (const one of init.open ?? []) writeText(pbf, 2, one);
  for (const one of init.voided ?? []) writeText(pbf, 3, one);
  writeBool(pbf, 4, init.suspended);
  writeString(pbf, 5, init.reason);
}

export interface Crowd {
  market: string;
  top: CrowdPick[];
  others: number;
  fans: number;
}

export interface CrowdInit {
  market?: string;
  top?: readonly CrowdPickInit[];
  others?: number;
  fans?: number;
}

export function encodeCrowd(init: CrowdInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeCrowd, init);
}

/** @throws {ProtocolError} where the bytes are not a Crowd. */
export function decodeCrowd(bytes: Uint8Array): Crowd {
  return readCrowd(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readCrowd(pbf: PbfReader, end: number, message: Crowd = {
  market: "",
  top: [],
  others: 0,
  fans: 0,
}): Crowd {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.market = readString(pbf, end);
        break;
      case 2:
        message.top.push(readCrowdPick(pbf, readEnd(pbf, end)));
        break;
      case 3:
        message.others = readUint32(pbf, end);
        break;
      case 4:
        message.fans = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeCrowd(init: CrowdInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.market);
  for (const one of init.top ?? []) pbf.writeMessage(2, writeCrowdPick, one);
  writeUint32(pbf, 3, init.others);
  writeUint32(pbf, 4, init.fans);
}

export interface CrowdPick {
  pick: string;
  fans: number;
}

export interface CrowdPickInit {
  pick?: string;
  fans?: number;
}

export function encodeCrowdPick(init: CrowdPickInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeCrowdPick, init);
}

/** @throws {ProtocolError} where the bytes are not a CrowdPick. */
export function decodeCrowdPick(bytes: Uint8Array): CrowdPick {
  return readCrowdPick(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readCrowdPick(pbf: PbfReader, end: number, message: CrowdPick = {
  pick: "",
  fans: 0,
}): CrowdPick {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.pick = readString(pbf, end);
        break;
      case 2:
        message.fans = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeCrowdPick(init: CrowdPickInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.pick);
  writeUint32(pbf, 2, init.fans);
}

export interface Standings {
  rows: StandingsRow[];
  members: number;
  version: string;
}

export interface StandingsInit {
  rows?: readonly StandingsRowInit[];
  members?: number;
  version?: string;
}

export function encodeStandings(init: StandingsInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeStandings, init);
}

/** @throws {ProtocolError} where the bytes are not a Standings. */
export function decodeStandings(bytes: Uint8Array): Standings {
  return readStandings(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readStandings(pbf: PbfReader, end: number, message: Standings = {
  rows: [],
  members: 0,
  version: "",
}): Standings {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.rows.push(readStandingsRow(pbf, readEnd(pbf, end)));
        break;
      case 2:
        message.members = readUint32(pbf, end);
        break;
      case 3:
        message.version = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeStandings(init: StandingsInit, pbf: PbfWriter): void {
  for (const one of init.rows ?? []) pbf.writeMessage(1, writeStandingsRow, one);
  writeUint32(pbf, 2, init.members);
  writeString(pbf, 3, init.version);
}

export interface StandingsRow {
  rank: number;
  user: string;
  points: number;
}

export interface StandingsRowInit {
  rank?: number;
  user?: string;
  points?: number;
}

export function encodeStandingsRow(init: StandingsRowInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeStandingsRow, init);
}

/** @throws {ProtocolError} where the bytes are not a StandingsRow. */
export function decodeStandingsRow(bytes: Uint8Array): StandingsRow {
  return readStandingsRow(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readStandingsRow(pbf: PbfReader, end: number, message: StandingsRow = {
  rank: 0,
  user: "",
  points: 0,
}): StandingsRow {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.rank = readUint32(pbf, end);
        break;
      case 2:
        message.user = readString(pbf, end);
        break;
      case 3:
        message.points = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeStandingsRow(init: StandingsRowInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.rank);
  writeString(pbf, 2, init.user);
  writeUint32(pbf, 3, init.points);
}

export interface Projection {
  rows: ProjectionPoints[];
  fans: number;
  score?: Score;
  provisional: boolean;
  sampled: boolean;
}

export interface ProjectionInit {
  rows?: readonly ProjectionPointsInit[];
  fans?: number;
  score?: ScoreInit;
  provisional?: boolean;
  sampled?: boolean;
}

export function encodeProjection(init: ProjectionInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeProjection, init);
}

/** @throws {ProtocolError} where the bytes are not a Projection. */
export function decodeProjection(bytes: Uint8Array): Projection {
  return readProjection(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readProjection(pbf: PbfReader, end: number, message: Projection = {
  rows: [],
  fans: 0,

  provisional: false,
  sampled: false,
}): Projection {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.rows.push(readProjectionPoints(pbf, readEnd(pbf, end)));
        break;
      case 2:
        message.fans = readUint32(pbf, end);
        break;
      case 3:
        message.score = readScore(pbf, readEnd(pbf, end), message.score);
        break;
      case 4:
        message.provisional = readBool(pbf, end);
        break;
      case 5:
        message.sampled = readBool(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeProjection(init: ProjectionInit, pbf: PbfWriter): void {
  for (const one of init.rows ?? []) pbf.writeMessage(1, writeProjectionPoints, one);
  writeUint32(pbf, 2, init.fans);
  if (init.score) pbf.writeMessage(3, writeScore, init.score);
  writeBool(pbf, 4, init.provisional);
  writeBool(pbf, 5, init.sampled);
}

export interface ProjectionPoints {
  points: number;
  fans: number;
  rank: number;
}

export interface ProjectionPointsInit {
  points?: number;
  fans?: number;
  rank?: number;
}

export function encodeProjectionPoints(init: ProjectionPointsInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeProjectionPoints, init);
}

/** @throws {ProtocolError} where the bytes are not a ProjectionPoints. */
export function decodeProjectionPoints(bytes: Uint8Array): ProjectionPoints {
  return readProjectionPoints(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readProjectionPoints(pbf: PbfReader, end: number, message: ProjectionPoints = {
  points: 0,
  fans: 0,
  rank: 0,
}): ProjectionPoints {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.points = readUint32(pbf, end);
        break;
      case 2:
        message.fans = readUint32(pbf, end);
        break;
      case 3:
        message.rank = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeProjectionPoints(init: ProjectionPointsInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.points);
  writeUint32(pbf, 2, init.fans);
  writeUint32(pbf, 3, init.rank);
}

export interface Settlement {
  phase: string;
  run: number;
  chunks: number;
  committed: number;
  ranked: number;
  predictions: number;
  holdUntil: number;
  reason: string;
}

export interface SettlementInit {
  phase?: string;
  run?: number;
  chunks?: number;
  committed?: number;
  ranked?: number;
  predictions?: number;
  holdUntil?: number;
  reason?: string;
}

export function encodeSettlement(init: SettlementInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeSettlement, init);
}

/** @throws {ProtocolError} where the bytes are not a Settlement. */
export function decodeSettlement(bytes: Uint8Array): Settlement {
  return readSettlement(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readSettlement(pbf: PbfReader, end: number, message: Settlement = {
  phase: "",
  run: 0,
  chunks: 0,
  committed: 0,
  ranked: 0,
  predictions: 0,
  holdUntil: 0,
  reason: "",
}): Settlement {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.phase = readString(pbf, end);
        break;
      case 2:
        message.run = readUint32(pbf, end);
        break;
      case 3:
        message.chunks = readUint32(pbf, end);
        break;
      case 4:
        message.committed = readUint32(pbf, end);
        break;
      case 5:
        message.ranked = readUint32(pbf, end);
        break;
      case 6:
        message.predictions = readUint32(pbf, end);
        break;
      case 7:
        message.holdUntil = readUint64(pbf, end);
        break;
      case 8:
        message.reason = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeSettlement(init: SettlementInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.phase);
  writeUint32(pbf, 2, init.run);
  writeUint32(pbf, 3, init.chunks);
  writeUint32(pbf, 4, init.committed);
  writeUint32(pbf, 5, init.ranked);
  writeUint32(pbf, 6, init.predictions);
  writeUint64(pbf, 7, init.holdUntil);
  writeString(pbf, 8, init.reason);
}

export interface ChatMessage {
  id: string;
  user: string;
  text: string;
  at: number;
  clientId: string;
  replyTo: string;
  sticker: string;
  mentions: string[];
  badge: ChatMessageBadge;
  edited: boolean;
}

export interface ChatMessageInit {
  id?: string;
  user?: string;
  text?: string;
  at?: number;
  clientId?: string;
  replyTo?: string;
  sticker?: string;
  mentions?: readonly string[];
  badge?: ChatMessageBadge;
  edited?: boolean;
}

export function encodeChatMessage(init: ChatMessageInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeChatMessage, init);
}

/** @throws {ProtocolError} where the bytes are not a ChatMessage. */
export function decodeChatMessage(bytes: Uint8Array): ChatMessage {
  return readChatMessage(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readChatMessage(pbf: PbfReader, end: number, message: ChatMessage = {
  id: "",
  user: "",
  text: "",
  at: 0,
  clientId: "",
  replyTo: "",
  sticker: "",
  mentions: [],
  badge: "noBadge",
  edited: false,
}): ChatMessage {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.id = readString(pbf, end);
        break;
      case 2:
        message.user = readString(pbf, end);
        break;
      case 3:
        message.text = readString(pbf, end);
        break;
      case 4:
        message.at = readUint64(pbf, end);
        break;
      case 5:
        message.clientId = readString(pbf, end);
        break;
      case 6:
        message.replyTo = readString(pbf, end);
        break;
      case 7:
        message.sticker = readString(pbf, end);
        break;
      case 8:
        message.mentions.push(readString(pbf, end));
        break;
      case 9:
        message.badge = readEnum(pbf, end, CHAT_MESSAGE_BADGE_NAMES);
        break;
      case 10:
        message.edited = readBool(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeChatMessage(init: ChatMessageInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.id);
  writeString(pbf, 2, init.user);
  writeString(pbf, 3, init.text);
  writeUint64(pbf, 4, init.at);
  writeString(pbf, 5, init.clientId);
  writeString(pbf, 6, init.replyTo);
  writeString(pbf, 7, init.sticker);
  for (const one of init.mentions ?? []) writeText(pbf, 8, one);
  writeEnum(pbf, 9, init.badge, CHAT_MESSAGE_BADGE_NAMES);
  writeBool(pbf, 10, init.edited);
}

export interface ChatRemoval {
  message: string;
  user: string;
  upTo: string;
}

export interface ChatRemovalInit {
  message?: string;
  user?: string;
  upTo?: string;
}

export function encodeChatRemoval(init: ChatRemovalInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeChatRemoval, init);
}

/** @throws {ProtocolError} where the bytes are not a ChatRemoval. */
export function decodeChatRemoval(bytes: Uint8Array): ChatRemoval {
  return readChatRemoval(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readChatRemoval(pbf: PbfReader, end: number, message: ChatRemoval = {
  message: "",
  user: "",
  upTo: "",
}): ChatRemoval {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.message = readString(pbf, end);
        break;
      case 2:
        message.user = readString(pbf, end);
        break;
      case 3:
        message.upTo = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeChatRemoval(init: ChatRemovalInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.message);
  writeString(pbf, 2, init.user);
  writeString(pbf, 3, init.upTo);
}

export interface ChatMore {
  more: number;
}

export interface ChatMoreInit {
  more?: number;
}

export function encodeChatMore(init: ChatMoreInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeChatMore, init);
}

/** @throws {ProtocolError} where the bytes are not a ChatMore. */
export function decodeChatMore(bytes: Uint8Array): ChatMore {
  return readChatMore(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readChatMore(pbf: PbfReader, end: number, message: ChatMore = {
  more: 0,
}): ChatMore {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.more = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeChatMore(init: ChatMoreInit, pbf: PbfWriter): void {
  writeUint32(pbf, 1, init.more);
}

export interface Reactions {
  tallies: ReactionsTally[];
}

export interface ReactionsInit {
  tallies?: readonly ReactionsTallyInit[];
}

export function encodeReactions(init: ReactionsInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeReactions, init);
}

/** @throws {ProtocolError} where the bytes are not a Reactions. */
export function decodeReactions(bytes: Uint8Array): Reactions {
  return readReactions(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readReactions(pbf: PbfReader, end: number, message: Reactions = {
  tallies: [],
}): Reactions {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.tallies.push(readReactionsTally(pbf, readEnd(pbf, end)));
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeReactions(init: ReactionsInit, pbf: PbfWriter): void {
  for (const one of init.tallies ?? []) pbf.writeMessage(1, writeReactionsTally, one);
}

export interface ReactionsTally {
  message: string;
  top: ReactionCount[];
}

export interface ReactionsTallyInit {
  message?: string;
  top?: readonly ReactionCountInit[];
}

export function encodeReactionsTally(init: ReactionsTallyInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeReactionsTally, init);
}

/** @throws {ProtocolError} where the bytes are not a ReactionsTally. */
export function decodeReactionsTally(bytes: Uint8Array): ReactionsTally {
  return readReactionsTally(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readReactionsTally(pbf: PbfReader, end: number, message: ReactionsTally = {
  message: "",
  top: [],
}): ReactionsTally {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.message = readString(pbf, end);
        break;
      case 2:
        message.top.push(readReactionCount(pbf, readEnd(pbf, end)));
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeReactionsTally(init: ReactionsTallyInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.message);
  for (const one of init.top ?? []) pbf.writeMessage(2, writeReactionCount, one);
}

export interface ReactionCount {
  reaction: string;
  fans: number;
}

export interface ReactionCountInit {
  reaction?: string;
  fans?: number;
}

export function encodeReactionCount(init: ReactionCountInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeReactionCount, init);
}

/** @throws {ProtocolError} where the bytes are not a ReactionCount. */
export function decodeReactionCount(bytes: Uint8Array): ReactionCount {
  return readReactionCount(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readReactionCount(pbf: PbfReader, end: number, message: ReactionCount = {
  reaction: "",
  fans: 0,
}): ReactionCount {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.reaction = readString(pbf, end);
        break;
      case 2:
        message.fans = readUint32(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeReactionCount(init: ReactionCountInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.reaction);
  writeUint32(pbf, 2, init.fans);
}

export interface RoomState {
  mode: string;
  slowMs: number;
  reason: string;
  pinned: string[];
  name: string;
}

export interface RoomStateInit {
  mode?: string;
  slowMs?: number;
  reason?: string;
  pinned?: readonly string[];
  name?: string;
}

export function encodeRoomState(init: RoomStateInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeRoomState, init);
}

/** @throws {ProtocolError} where the bytes are not a RoomState. */
export function decodeRoomState(bytes: Uint8Array): RoomState {
  return readRoomState(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readRoomState(pbf: PbfReader, end: number, message: RoomState = {
  mode: "",
  slowMs: 0,
  reason: "",
  pinned: [],
  name: "",
}): RoomState {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.mode = readString(pbf, end);
        break;
      case 2:
        message.slowMs = readUint32(pbf, end);
        break;
      case 3:
        message.reason = readString(pbf, end);
        break;
      case 4:
        message.pinned.push(readString(pbf, end));
        break;
      case 5:
        message.name = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeRoomState(init: RoomStateInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.mode);
  writeUint32(pbf, 2, init.slowMs);
  writeString(pbf, 3, init.reason);
  for (const one of init.pinned ?? []) writeText(pbf, 4, one);
  writeString(pbf, 5, init.name);
}

export interface RoomSnapshot {
  state?: RoomState;
  messages: ChatMessage[];
  reactions?: Reactions;
}

export interface RoomSnapshotInit {
  state?: RoomStateInit;
  messages?: readonly ChatMessageInit[];
  reactions?: ReactionsInit;
}

export function encodeRoomSnapshot(init: RoomSnapshotInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeRoomSnapshot, init);
}

/** @throws {ProtocolError} where the bytes are not a RoomSnapshot. */
export function decodeRoomSnapshot(bytes: Uint8Array): RoomSnapshot {
  return readRoomSnapshot(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readRoomSnapshot(pbf: PbfReader, end: number, message: RoomSnapshot = {
  messages: [],
}): RoomSnapshot {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.state = readRoomState(pbf, readEnd(pbf, end), message.state);
        break;
      case 2:
        message.messages.push(readChatMessage(pbf, readEnd(pbf, end)));
        break;
      case 3:
        message.reactions = readReactions(pbf, readEnd(pbf, end), message.reactions);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeRoomSnapshot(init: RoomSnapshotInit, pbf: PbfWriter): void {
  if (init.state) pbf.writeMessage(1, writeRoomState, init.state);
  for (const one of init.messages ?? []) pbf.writeMessage(2, writeChatMessage, one);
  if (init.reactions) pbf.writeMessage(3, writeReactions, init.reactions);
}

export interface Notice {
  kind: string;
  room: string;
  message: string;
  by: string;
  reason: string;
  until: number;
  at: number;
}

export interface NoticeInit {
  kind?: string;
  room?: string;
  message?: string;
  by?: string;
  reason?: string;
  until?: number;
  at?: number;
}

export function encodeNotice(init: NoticeInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeNotice, init);
}

/** @throws {ProtocolError} where the bytes are not a Notice. */
export function decodeNotice(bytes: Uint8Array): Notice {
  return readNotice(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readNotice(pbf: PbfReader, end: number, message: Notice = {
  kind: "",
  room: "",
  message: "",
  by: "",
  reason: "",
  until: 0,
  at: 0,
}): Notice {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.kind = readString(pbf, end);
        break;
      case 2:
        message.room = readString(pbf, end);
        break;
      case 3:
        message.message = readString(pbf, end);
        break;
      case 4:
        message.by = readString(pbf, end);
        break;
      case 5:
        message.reason = readString(pbf, end);
        break;
      case 6:
        message.until = readUint64(pbf, end);
        break;
      case 7:
        message.at = readUint64(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeNotice(init: NoticeInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.kind);
  writeString(pbf, 2, init.room);
  writeString(pbf, 3, init.message);
  writeString(pbf, 4, init.by);
  writeString(pbf, 5, init.reason);
  writeUint64(pbf, 6, init.until);
  writeUint64(pbf, 7, init.at);
}

export interface AssetsManifest {
  version: string;
  url: string;
}

export interface AssetsManifestInit {
  version?: string;
  url?: string;
}

export function encodeAssetsManifest(init: AssetsManifestInit): Uint8Array<ArrayBuffer> {
  return encodeWith(writeAssetsManifest, init);
}

/** @throws {ProtocolError} where the bytes are not a AssetsManifest. */
export function decodeAssetsManifest(bytes: Uint8Array): AssetsManifest {
  return readAssetsManifest(new PbfReader(bytes), bytes.length);
}

/** Reads up to `end` into `message`, as protobuf merges. */
export function readAssetsManifest(pbf: PbfReader, end: number, message: AssetsManifest = {
  version: "",
  url: "",
}): AssetsManifest {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) {
      case 1:
        message.version = readString(pbf, end);
        break;
      case 2:
        message.url = readString(pbf, end);
        break;
      default:
        skipField(pbf, end);
    }
  }
  return message;
}

export function writeAssetsManifest(init: AssetsManifestInit, pbf: PbfWriter): void {
  writeString(pbf, 1, init.version);
  writeString(pbf, 2, init.url);
}

export interface MessageTypes {
  ClientFrame: ClientFrame;
  Hello: Hello;
  Subscribe: Subscribe;
  Unsubscribe: Unsubscribe;
  Track: Track;
  Predict: Predict;
  ChatSend: ChatSend;
  React: React;
  Moderate: Moderate;
  Pong: Pong;
  Refresh: Refresh;
  Attention: Attention;
  ServerFrame: ServerFrame;
  Welcome: Welcome;
  Subscribed: Subscribed;
  Reply: Reply;
  Ping: Ping;
  Goodbye: Goodbye;
  Position: Position;
  Publication: Publication;
  Goal: Goal;
  Score: Score;
  MatchState: MatchState;
  Review: Review;
  Shootout: Shootout;
  Kick: Kick;
  Player: Player;
  TimelineItem: TimelineItem;
  Lineup: Lineup;
  LineupMember: LineupMember;
  Possession: Possession;
  Team: Team;
  MatchSnapshot: MatchSnapshot;
  Markets: Markets;
  Crowd: Crowd;
  CrowdPick: CrowdPick;
  Standings: Standings;
  StandingsRow: StandingsRow;
  Projection: Projection;
  ProjectionPoints: ProjectionPoints;
  Settlement: Settlement;
  ChatMessage: ChatMessage;
  ChatRemoval: ChatRemoval;
  ChatMore: ChatMore;
  Reactions: Reactions;
  ReactionsTally: ReactionsTally;
  ReactionCount: ReactionCount;
  RoomState: RoomState;
  RoomSnapshot: RoomSnapshot;
  Notice: Notice;
  AssetsManifest: AssetsManifest;
}

export interface MessageInits {
  ClientFrame: ClientFrameInit;
  Hello: HelloInit;
  Subscribe: SubscribeInit;
  Unsubscribe: UnsubscribeInit;
  Track: TrackInit;
  Predict: PredictInit;
  ChatSend: ChatSendInit;
  React: ReactInit;
  Moderate: ModerateInit;
  Pong: PongInit;
  Refresh: RefreshInit;
  Attention: AttentionInit;
  ServerFrame: ServerFrameInit;
  Welcome: WelcomeInit;
  Subscribed: SubscribedInit;
  Reply: ReplyInit;
  Ping: PingInit;
  Goodbye: GoodbyeInit;
  Position: PositionInit;
  Publication: PublicationInit;
  Goal: GoalInit;
  Score: ScoreInit;
  MatchState: MatchStateInit;
  Review: ReviewInit;
  Shootout: ShootoutInit;
  Kick: KickInit;
  Player: PlayerInit;
  TimelineItem: TimelineItemInit;
  Lineup: LineupInit;
  LineupMember: LineupMemberInit;
  Possession: PossessionInit;
  Team: TeamInit;
  MatchSnapshot: MatchSnapshotInit;
  Markets: MarketsInit;
  Crowd: CrowdInit;
  CrowdPick: CrowdPickInit;
  Standings: StandingsInit;
  StandingsRow: StandingsRowInit;
  Projection: ProjectionInit;
  ProjectionPoints: ProjectionPointsInit;
  Settlement: SettlementInit;
  ChatMessage: ChatMessageInit;
  ChatRemoval: ChatRemovalInit;
  ChatMore: ChatMoreInit;
  Reactions: ReactionsInit;
  ReactionsTally: ReactionsTallyInit;
  ReactionCount: ReactionCountInit;
  RoomState: RoomStateInit;
  RoomSnapshot: RoomSnapshotInit;
  Notice: NoticeInit;
  AssetsManifest: AssetsManifestInit;
}

export type MessageName = keyof MessageTypes;
export type EnumName =
  | "Side"
  | "Phase"
  | "Winner"
  | "GoalKind"
  | "ReviewReason"
  | "TimelineItemKind"
  | "TimelineItemMethod"
  | "TimelineItemCard"
  | "TimelineItemStatus"
  | "ChatMessageBadge";
export type ScalarName = "string" | "bool" | "uint32" | "uint64";

export interface FieldSchema {
  /** In lower camel case; the contract's own name is the same in snake case. */
  name: string;
  type: ScalarName | EnumName | MessageName;
  repeated?: true;
  oneof?: string;
}

/** What the JSON mapping needs to know of the contract. */
export const schema: {
  enums: Record<EnumName, readonly [string, ...string[]]>;
  messages: Record<MessageName, readonly FieldSchema[]>;
} = {
  enums: {
    Side: SIDE_NAMES,
    Phase: PHASE_NAMES,
    Winner: WINNER_NAMES,
    GoalKind: GOAL_KIND_NAMES,
    ReviewReason: REVIEW_REASON_NAMES,
    TimelineItemKind: TIMELINE_ITEM_KIND_NAMES,
    TimelineItemMethod: TIMELINE_ITEM_METHOD_NAMES,
    TimelineItemCard: TIMELINE_ITEM_CARD_NAMES,
    TimelineItemStatus: TIMELINE_ITEM_STATUS_NAMES,
    ChatMessageBadge: CHAT_MESSAGE_BADGE_NAMES,
  },
  messages: {
    ClientFrame: [
      { name: "hello", type: "Hello", oneof: "frame" },
      { name: "subscribe", type: "Subscribe", oneof: "frame" },
      { name: "unsubscribe", type: "Unsubscribe", oneof: "frame" },
      { name: "track", type: "Track", oneof: "frame" },
      { name: "predict", type: "Predict", oneof: "frame" },
      { name: "chatSend", type: "ChatSend", oneof: "frame" },
      { name: "react", type: "React", oneof: "frame" },
      { name: "moderate", type: "Moderate", oneof: "frame" },
      { name: "pong", type: "Pong", oneof: "frame" },
      { name: "refresh", type: "Refresh", oneof: "frame" },
      { name: "attention", type: "Attention", oneof: "frame" },
    ],
    Hello: [
      { name: "token", type: "string" },
      { name: "deviceId", type: "string" },
      { name: "instanceId", type: "string" },
      { name: "attempt", type: "uint32" },
      { name: "lite", type: "bool" },
      { name: "batch", type: "bool" },
    ],
    Subscribe: [
      { name: "id", type: "uint32" },
      { name: "channel", type: "string" },
      { name: "epoch", type: "string" },
      { name: "offset", type: "uint32" },
      { name: "lite", type: "bool" },
    ],
    Unsubscribe: [
      { name: "id", type: "uint32" },
      { name: "channel", type: "string" },
    ],
    Track: [
      { name: "id", type: "uint32" },
      { name: "matches", type: "string", repeated: true },
    ],
    Predict: [
      { name: "id", type: "uint32" },
      { name: "clientId", type: "string" },
      { name: "match", type: "string" },
      { name: "market", type: "string" },
      { name: "pick", type: "string" },
    ],
    ChatSend: [
      { name: "id", type: "uint32" },
      { name: "clientId", type: "string" },
      { name: "room", type: "string" },
      { name: "text", type: "string" },
      { name: "replyTo", type: "string" },
      { name: "sticker", type: "string" },
      { name: "edits", type: "string" },
    ],
    React: [
      { name: "id", type: "uint32" },
      { name: "room", type: "string" },
      { name: "message", type: "string" },
      { name: "reaction", type: "string" },
    ],
    Moderate: [
      { name: "id", type: "uint32" },
      { name: "room", type: "string" },
      { name: "action", type: "string" },
      { name: "target", type: "string" },
      { name: "reason", type: "string" },
      { name: "until", type: "uint64" },
      { name: "clientId", type: "string" },
      { name: "seconds", type: "uint32" },
      { name: "confirm", type: "bool" },
    ],
    Pong: [
      { name: "nonce", type: "uint32" },
    ],
    Refresh: [
      { name: "id", type: "uint32" },
      { name: "token", type: "string" },
    ],
    Attention: [
      { name: "background", type: "bool" },
    ],
    ServerFrame: [
      { name: "publication", type: "Publication", oneof: "frame" },
      { name: "welcome", type: "Welcome", oneof: "frame" },
      { name: "subscribed", type: "Subscribed", oneof: "frame" },
      { name: "reply", type: "Reply", oneof: "frame" },
      { name: "ping", type: "Ping", oneof: "frame" },
      { name: "goodbye", type: "Goodbye", oneof: "frame" },
      { name: "position", type: "Position", oneof: "frame" },
    ],
    Welcome: [
      { name: "serverTime", type: "uint64" },
      { name: "session", type: "string" },
      { name: "pingEveryMs", type: "uint32" },
      { name: "pongWithinMs", type: "uint32" },
      { name: "subject", type: "string" },
      { name: "role", type: "string" },
      { name: "subscriptionsMax", type: "uint32" },
    ],
    Subscribed: [
      { name: "id", type: "uint32" },
      { name: "channel", type: "string" },
      { name: "number", type: "uint32" },
      { name: "epoch", type: "string" },
      { name: "offset", type: "uint32" },
      { name: "recovered", type: "bool" },
      { name: "publications", type: "Publication", repeated: true },
      { name: "match", type: "MatchSnapshot", oneof: "snapshot" },
      { name: "room", type: "RoomSnapshot", oneof: "snapshot" },
    ],
    Reply: [
      { name: "id", type: "uint32" },
      { name: "code", type: "string" },
      { name: "reason", type: "string" },
      { name: "retryAfterMs", type: "uint32" },
      { name: "made", type: "string" },
    ],
    Ping: [
      { name: "nonce", type: "uint32" },
    ],
    Goodbye: [
      { name: "reason", type: "string" },
      { name: "retryAfterMs", type: "uint32" },
      { name: "code", type: "uint32" },
    ],
    Position: [
      { name: "channel", type: "uint32" },
      { name: "offset", type: "uint32" },
      { name: "skipped", type: "uint32" },
    ],
    Publication: [
      { name: "channel", type: "uint32" },
      { name: "offset", type: "uint32" },
      { name: "goal", type: "Goal", oneof: "body" },
      { name: "state", type: "MatchState", oneof: "body" },
      { name: "kick", type: "Kick", oneof: "body" },
      { name: "item", type: "TimelineItem", oneof: "body" },
      { name: "lineup", type: "Lineup", oneof: "body" },
      { name: "possession", type: "Possession", oneof: "body" },
      { name: "markets", type: "Markets", oneof: "body" },
      { name: "crowd", type: "Crowd", oneof: "body" },
      { name: "standings", type: "Standings", oneof: "body" },
      { name: "projection", type: "Projection", oneof: "body" },
      { name: "settlement", type: "Settlement", oneof: "body" },
      { name: "chat", type: "ChatMessage", oneof: "body" },
      { name: "removal", type: "ChatRemoval", oneof: "body" },
      { name: "more", type: "ChatMore", oneof: "body" },
      { name: "reactions", type: "Reactions", oneof: "body" },
      { name: "room", type: "RoomState", oneof: "body" },
      { name: "notice", type: "Notice", oneof: "body" },
      { name: "assets", type: "AssetsManifest", oneof: "body" },
    ],
    Goal: [
      { name: "kind", type: "GoalKind" },
      { name: "side", type: "Side" },
      { name: "home", type: "uint32" },
      { name: "away", type: "uint32" },
      { name: "minute", type: "uint32" },
      { name: "stoppage", type: "uint32" },
    ],
    Score: [
      { name: "home", type: "uint32" },
      { name: "away", type: "uint32" },
    ],
    MatchState: [
      { name: "phase", type: "Phase" },
      { name: "phaseStartedAt", type: "uint64" },
      { name: "running", type: "bool" },
      { name: "stoppageAnnounced", type: "uint32" },
      { name: "review", type: "Review" },
      { name: "score", type: "Score" },
      { name: "regular", type: "Score" },
      { name: "extraTime", type: "Score" },
      { name: "shootout", type: "Shootout" },
      { name: "winner", type: "Winner" },
      { name: "feedSilentSince", type: "uint64" },
      { name: "kickoffAt", type: "uint64" },
      { name: "note", type: "string" },
      { name: "played", type: "Score" },
      { name: "stale", type: "bool" },
    ],
    Review: [
      { name: "reason", type: "ReviewReason" },
      { name: "since", type: "uint64" },
    ],
    Shootout: [
      { name: "kicks", type: "Kick", repeated: true },
      { name: "home", type: "uint32" },
      { name: "away", type: "uint32" },
      { name: "first", type: "Side" },
    ],
    Kick: [
      { name: "number", type: "uint32" },
      { name: "side", type: "Side" },
      { name: "scored", type: "bool" },
      { name: "home", type: "uint32" },
      { name: "away", type: "uint32" },
      { name: "player", type: "string" },
    ],
    Player: [
      { name: "id", type: "string" },
      { name: "name", type: "string" },
    ],
    TimelineItem: [
      { name: "id", type: "uint32" },
      { name: "kind", type: "TimelineItemKind" },
      { name: "status", type: "TimelineItemStatus" },
      { name: "side", type: "Side" },
      { name: "phase", type: "Phase" },
      { name: "minute", type: "uint32" },
      { name: "stoppage", type: "uint32" },
      { name: "player", type: "Player" },
      { name: "other", type: "Player" },
      { name: "method", type: "TimelineItemMethod" },
      { name: "colour", type: "TimelineItemCard" },
      { name: "score", type: "Score" },
      { name: "amended", type: "bool" },
      { name: "text", type: "string" },
      { name: "order", type: "uint32" },
    ],
    Lineup: [
      { name: "side", type: "Side" },
      { name: "members", type: "LineupMember", repeated: true },
    ],
    LineupMember: [
      { name: "player", type: "Player" },
      { name: "number", type: "uint32" },
      { name: "position", type: "string" },
      { name: "starting", type: "bool" },
    ],
    Possession: [
      { name: "home", type: "uint32" },
      { name: "away", type: "uint32" },
    ],
    Team: [
      { name: "id", type: "string" },
      { name: "name", type: "string" },
      { name: "code", type: "string" },
      { name: "country", type: "string" },
    ],
    MatchSnapshot: [
      { name: "id", type: "string" },
      { name: "competition", type: "string" },
      { name: "stage", type: "string" },
      { name: "home", type: "Team" },
      { name: "away", type: "Team" },
      { name: "clockRate", type: "uint32" },
      { name: "seq", type: "uint32" },
      { name: "state", type: "MatchState" },
      { name: "timeline", type: "TimelineItem", repeated: true },
      { name: "lineups", type: "Lineup", repeated: true },
      { name: "possession", type: "Possession" },
      { name: "venue", type: "string" },
    ],
    Markets: [
      { name: "lockAt", type: "uint64" },
      { name: "open", type: "string", repeated: true },
      { name: "voided", type: "string", repeated: true },
      { name: "suspended", type: "bool" },
      { name: "reason", type: "string" },
    ],
    Crowd: [
      { name: "market", type: "string" },
      { name: "top", type: "CrowdPick", repeated: true },
      { name: "others", type: "uint32" },
      { name: "fans", type: "uint32" },
    ],
    CrowdPick: [
      { name: "pick", type: "string" },
      { name: "fans", type: "uint32" },
    ],
    Standings: [
      { name: "rows", type: "StandingsRow", repeated: true },
      { name: "members", type: "uint32" },
      { name: "version", type: "string" },
    ],
    StandingsRow: [
      { name: "rank", type: "uint32" },
      { name: "user", type: "string" },
      { name: "points", type: "uint32" },
    ],
    Projection: [
      { name: "rows", type: "ProjectionPoints", repeated: true },
      { name: "fans", type: "uint32" },
      { name: "score", type: "Score" },
      { name: "provisional", type: "bool" },
      { name: "sampled", type: "bool" },
    ],
    ProjectionPoints: [
      { name: "points", type: "uint32" },
      { name: "fans", type: "uint32" },
      { name: "rank", type: "uint32" },
    ],
    Settlement: [
      { name: "phase", type: "string" },
      { name: "run", type: "uint32" },
      { name: "chunks", type: "uint32" },
      { name: "committed", type: "uint32" },
      { name: "ranked", type: "uint32" },
      { name: "predictions", type: "uint32" },
      { name: "holdUntil", type: "uint64" },
      { name: "reason", type: "string" },
    ],
    ChatMessage: [
      { name: "id", type: "string" },
      { name: "user", type: "string" },
      { name: "text", type: "string" },
      { name: "at", type: "uint64" },
      { name: "clientId", type: "string" },
      { name: "replyTo", type: "string" },
      { name: "sticker", type: "string" },
      { name: "mentions", type: "string", repeated: true },
      { name: "badge", type: "ChatMessageBadge" },
      { name: "edited", type: "bool" },
    ],
    ChatRemoval: [
      { name: "message", type: "string" },
      { name: "user", type: "string" },
      { name: "upTo", type: "string" },
    ],
    ChatMore: [
      { name: "more", type: "uint32" },
    ],
    Reactions: [
      { name: "tallies", type: "ReactionsTally", repeated: true },
    ],
    ReactionsTally: [
      { name: "message", type: "string" },
      { name: "top", type: "ReactionCount", repeated: true },
    ],
    ReactionCount: [
      { name: "reaction", type: "string" },
      { name: "fans", type: "uint32" },
    ],
    RoomState: [
      { name: "mode", type: "string" },
      { name: "slowMs", type: "uint32" },
      { name: "reason", type: "string" },
      { name: "pinned", type: "string", repeated: true },
      { name: "name", type: "string" },
    ],
    RoomSnapshot: [
      { name: "state", type: "RoomState" },
      { name: "messages", type: "ChatMessage", repeated: true },
      { name: "reactions", type: "Reactions" },
    ],
    Notice: [
      { name: "kind", type: "string" },
      { name: "room", type: "string" },
      { name: "message", type: "string" },
      { name: "by", type: "string" },
      { name: "reason", type: "string" },
      { name: "until", type: "uint64" },
      { name: "at", type: "uint64" },
    ],
    AssetsManifest: [
      { name: "version", type: "string" },
      { name: "url", type: "string" },
    ],
  },
};
