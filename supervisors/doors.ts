/**
 * The two listeners of a process: the public door and the operators'.
 */
import { fileURLToPath } from "node:url";
import { assetRoutes } from "../assets/asset_routes.ts";
import { SettlementSaid } from "../channels/settlement_said.ts";
import { feedRoutes } from "../feed/feed_routes.ts";
import { operatorRoutes as factRoutes } from "../feed/providers/operator.ts";
import { WebhookProviders } from "../feed/providers/webhook.ts";
import { clientAddress } from "../gateway/auth/client_address.ts";
import { forOperators } from "../gateway/auth/operator_token.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { connectionRoutes } from "../gateway/http/connection_routes.ts";
import { groupRoutes } from "../gateway/http/group_routes.ts";
import { healthRoutes, type ReadyCheck } from "../gateway/http/health_routes.ts";
import { leaderboardRoutes } from "../gateway/http/leaderboard_routes.ts";
import { predictionRoutes } from "../gateway/http/prediction_routes.ts";
import { operatorRoutes as deskRoutes } from "../gateway/http/operator_routes.ts";
import { pageRoutes } from "../gateway/http/page_routes.ts";
import { rebuildRoutes } from "../gateway/http/rebuild_routes.ts";
import { revocationRoutes } from "../gateway/http/revocation_routes.ts";
import { HttpServer } from "../gateway/http/server.ts";
import { sessionRoutes } from "../gateway/http/session_routes.ts";
import { settlementCommandRoutes } from "../gateway/http/settlement_command_routes.ts";
import { settlementRoutes } from "../gateway/http/settlement_routes.ts";
import { residentBytes } from "../runtime/platform.ts";
import { BoardRebuilds } from "./board_rebuilds.ts";
import { assetsFolder } from "./asset_children.ts";
import type { TreeOptions } from "./built.ts";
import { cardDoor } from "./card_door.ts";
import { chatDoor } from "./chat_door.ts";
import { moderationDoor } from "./moderation_door.ts";
import { operatorDesk } from "./operator_desk.ts";

const PAGE_FOLDER = fileURLToPath(new URL("../clients/web/dist", import.meta.url));
const CONSOLE_FOLDER = fileURLToPath(new URL("../clients/console/dist", import.meta.url));
const BUILD = "npx -y deno task build";

/** Entries wait longer for SQL than a busy one makes them. */
const HISTORY_BEHIND_MS_OK = 1_000;

/** @throws {Failure} `cannotListen`. */
export async function openDoor(options: TreeOptions): Promise<Gateway> {
  const { config, parts, built, telemetry, node } = options;
  const { feed, hot, readers, tokens } = built;
  const { desk: predictionDesk, pages: marketPages } = built.predictionDoor!;
  const chat = chatDoor(options);
  // Loaded where there is a door: sockets are nothing to owners and workers.
  const { openGateway } = await import("../gateway/gateway.ts");
  return openGateway({
    ...parts,
    settings: {
      host: config.host,
      // One that is opened again is where it was, as clients know it by that.
      port: built.gateway?.port ?? config.port,
      // Several gateways of one machine share the port; one alone is told when it is taken.
      reusePort: config.role === "gateway",
      development: config.mode === "development",
      origins: config.origins,
      trustedProxies: config.trustedProxies,
      page: { folder: PAGE_FOLDER, buildCommand: BUILD },
    },
    source: chat.source,
    mayHear: (channel, actor) => chat.keys.mayHear(channel, actor),
    matchPages: readers.pages,
    verifyToken: tokens.verifyToken,
    revocations: tokens.revocations,
    bans: built.banRoll!,
    greeted: chat.greeted,
    desks: { predict: predictionDesk.command, ...chat.desks },
    seats: { cells: hot.seats, broker: hot.broker, node },
    strain: { lagMs: () => telemetry.lagSeconds() * 1_000, memoryBytes: residentBytes },
    routes: [
      ...pageRoutes({ at: "/console", folder: CONSOLE_FOLDER, buildCommand: BUILD }),
      ...sessionRoutes({ ...parts, guests: tokens.signer }),
      ...cardDoor(options),
      ...assetRoutes({
        ...{ folder: assetsFolder(config), clock: parts.clock },
        ...config.purgeTagHeader === null ? {} : { purgeTagHeader: config.purgeTagHeader },
      }),
      ...settlementRoutes({
        said: new SettlementSaid({ ...readers, cells: hot.cells, predictions: built.predictions }),
        verifyToken: tokens.verifyToken,
      }),
      ...predictionRoutes({
        desk: predictionDesk,
        predictions: built.predictions,
        marketPage: (matchId) => marketPages.page(matchId),
        verifyToken: tokens.verifyToken,
      }),
      ...leaderboardRoutes({ boards: built.boardReader, verifyToken: tokens.verifyToken }),
      ...groupRoutes({
        ...{ groups: built.groups, boards: built.boardReader },
        ...{ verifyToken: tokens.verifyToken, random: parts.random },
      }),
      ...chat.routes,
      ...moderationDoor(options, chat.publicRooms),
      ...feedRoutes({
        ...parts,
        webhooks: new WebhookProviders(config.feedSecrets),
        intake: feed.intake,
      }),
    ],
  });
}

/** @throws {Failure} `cannotListen`. */
export async function openAdmin(options: TreeOptions): Promise<HttpServer> {
  const { config, parts, telemetry, built, faults, operatorToken } = options;
  const { anyOwners, feed, tokens } = built;
  const operatorOnly = [
    ...deskRoutes(operatorDesk(options)),
    ...connectionRoutes(() => built.gateway?.desk ?? null),
    ...revocationRoutes({ ...parts, board: tokens.revocations }),
    ...rebuildRoutes(new BoardRebuilds({ ...parts, boards: built.boards })),
    // A node that only owns takes nothing in.
    ...(feed === undefined ? [] : factRoutes({ ...parts, ...feed, owners: anyOwners })),
    ...(built.sql === undefined ? [] : settlementCommandRoutes({
      settlements: built.sql.settlements,
      verifyToken: tokens.verifyToken,
      knows: async (matchId) => await built.readers.reader.read(matchId) !== null,
      changed(matchId) {
        void built.settlements?.command(matchId).catch(() => {});
        built.readers.signal.changed(matchId);
      },
    })),
    ...(config.mode === "development" ? faults.routes() : []),
  ];
  const server = new HttpServer({
    ...parts,
    clientAddress: clientAddress([]),
    routes: [
      ...healthRoutes({
        checks: () => Promise.resolve(readiness(options)),
        metrics: async () => ({
          contentType: telemetry.metricsType,
          text: await telemetry.metricsText(),
        }),
      }),
      ...forOperators(operatorOnly, { ...tokens, token: operatorToken }),
    ],
  });
  const port = built.adminPort ?? config.adminListen.port;
  built.adminPort = await server.listen({ ...config.adminListen, port, reusePort: false });
  return server;
}

function readiness({ built, status }: TreeOptions): ReadyCheck[] {
  const down = status().filter(({ state }) => state !== "running").map(({ id }) => id);
  const checks: ReadyCheck[] = [{
    name: "tree",
    state: down.length === 0 ? "ok" : "failed",
    ...(down.length > 0 ? { detail: `not running: ${down.join(", ")}` } : {}),
  }];
  if (built.histories !== undefined) {
    const { writer } = built.histories;
    const state = writer.behindMs() < HISTORY_BEHIND_MS_OK ? "ok" : "degraded";
    checks.push({ name: "history", state, detail: `${writer.pending()} entries behind` });
  }
  if (built.owners !== undefined) {
    const matches = built.owners.matches.status();
    const count = (asked: string) => matches.filter(({ state }) => state === asked).length;
    const [parked, backingOff] = [count("parked"), count("backingOff")];
    const state = parked + backingOff === 0 ? "ok" : "degraded";
    checks.push({ name: "matches", state, detail: `${parked} parked, ${backingOff} backing off` });
  }
  return checks;
}
