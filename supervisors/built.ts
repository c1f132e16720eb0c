/**
 * What a process is made of, as its tree builds it.
 */
import type { Avatars } from "../actors/ports/avatars.ts";
import type { Boards } from "../actors/ports/boards.ts";
import type { Groups } from "../actors/ports/groups.ts";
import type { MatchOwners } from "../actors/ports/match_owners.ts";
import type { ModerationDesk } from "../actors/ports/moderation_desk.ts";
import type { Predictions } from "../actors/ports/predictions.ts";
import type { Rooms } from "../actors/ports/rooms.ts";
import type { GlobalBans } from "../channels/ban_roll.ts";
import type { BoardReader } from "../channels/board_reader.ts";
import type { Abilities, OwnerCaller } from "../channels/owner_call.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { HttpServer } from "../gateway/http/server.ts";
import type { Config } from "./config.ts";
import type { DeadLetters } from "./dead_letters.ts";
import type { FaultHook } from "./fault_hook.ts";
import type { LeaderboardSupervisor } from "./leaderboard_supervisor.ts";
import type { OwnedKind } from "./owned_kind.ts";
import type { Placement } from "./placement.ts";
import type { PredictionDoor } from "./prediction_door.ts";
import type { Quarantine } from "./quarantine.ts";
import type { RoomSupervisor } from "./room_supervisor.ts";
import type { SettlementSupervisor } from "./settlement_supervisor.ts";
import type { HotStores, SqlStores } from "./stores.ts";
import type { ChildStatus } from "./supervisor.ts";
import type { Telemetry } from "./telemetry_sink.ts";
import type { Tokens } from "./tokens.ts";
import type { Feed, Histories, Owners, Parts, Readers } from "./wiring.ts";

/** What stands, by who built it; a child only reads what comes before it. */
export interface Built {
  hot: HotStores;
  sql: SqlStores;
  readers: Readers;
  tokens: Tokens;
  deadLetters: DeadLetters;
  histories?: Histories;
  /** What other processes may ask the owners of this one. */
  abilities: Abilities;
  /** What this process owns by partition, beside matches. */
  kinds: OwnedKind[];
  /** Owners of this process. */
  owners?: Owners;
  placement?: Placement;
  caller?: OwnerCaller;
  /** Whoever owns a match, here or elsewhere. */
  anyOwners: MatchOwners;
  /** Whoever owns a leaderboard's shard, here or elsewhere. */
  boards: Boards;
  boardReader: BoardReader;
  /** Groups of fans in SQL, here or asked of who has one. */
  groups: Groups;
  /** Shards of this process. */
  leaderboards?: LeaderboardSupervisor;
  /** In this process's SQL, or asked of who has one. */
  predictions: Predictions;
  /** Who is banned in every room. */
  banRoll?: GlobalBans;
  /** The global log of moderation, here or elsewhere. */
  moderation: ModerationDesk;
  /** Users' pictures, in processes with a public door. */
  avatars?: { desk: Avatars; folder: string };
  /** Where fans bring theirs, in processes with a public door. */
  predictionDoor?: PredictionDoor;
  /** Whoever owns a room, here or elsewhere. */
  rooms: Rooms;
  /** Rooms of this process. */
  roomSupervisor?: RoomSupervisor;
  /** Settlements of this process, where it settles. */
  settlements?: SettlementSupervisor;
  feed: Feed;
  /** Whether this process plays the bundled matches now; another may. */
  isReplaying?: () => boolean;
  gateway?: Gateway;
  admin: HttpServer;
  adminPort: number;
}

export interface TreeOptions {
  config: Config;
  parts: Parts;
  telemetry: Telemetry;
  /** Names this process among all that ever were. */
  node: string;
  /** The whole tree, for operators. */
  status(): ChildStatus[];
  built: Built;
  /** They outlive every restart: what they remember is about restarts. */
  quarantine: Quarantine;
  faults: FaultHook;
  /** Of the operator; null where nobody is one. */
  operatorToken: string | null;
  /** Frees the admin listener's port. */
  makeRoom(): Promise<void>;
}
