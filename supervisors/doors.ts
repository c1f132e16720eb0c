/**
 * The two listeners of a process: the public door and the operators'.
 */
import { fileURLToPath } from "node:url";
import { feedRoutes } from "../feed/feed_routes.ts";
import { operatorRoutes as factRoutes } from "../feed/providers/operator.ts";
import { WebhookProviders } from "../feed/providers/webhook.ts";
import { clientAddress } from "../gateway/auth/client_address.ts";
import { forOperators } from "../gateway/auth/operator_token.ts";
import { type Gateway, openGateway } from "../gateway/gateway.ts";
import { healthRoutes, type ReadyCheck } from "../gateway/http/health_routes.ts";
import { operatorRoutes as deskRoutes } from "../gateway/http/operator_routes.ts";
import { HttpServer } from "../gateway/http/server.ts";
import type { TreeOptions } from "./built.ts";
import type { FaultHook } from "./fault_hook.ts";
import { operatorDesk } from "./operator_desk.ts";

const PAGE_FOLDER = fileURLToPath(new URL("../clients/web/dist", import.meta.url));

/** @throws {Failure} `cannotListen`. */
export function openDoor({ config, parts, built }: TreeOptions): Promise<Gateway> {
  const { feed, readers } = built;
  return openGateway({
    ...parts,
    settings: {
      host: config.host,
      port: config.port,
      reusePort: false,
      development: config.mode === "development",
      origins: config.origins,
      trustedProxies: config.trustedProxies,
      page: { folder: PAGE_FOLDER, buildCommand: "npx -y deno task build" },
    },
    source: readers.source,
    matchPages: readers.pages,
    verifyToken: () => Promise.resolve({ refused: "this server takes no tokens yet" }),
    desks: {},
    routes: feedRoutes({
      ...parts,
      webhooks: new WebhookProviders(config.feedSecrets),
      intake: feed.intake,
    }),
  });
}

export interface AdminOptions extends TreeOptions {
  /** Null in production. */
  faults: FaultHook | null;
  /** Null: nobody is an operator. */
  token: string | null;
}

/** @throws {Failure} `cannotListen`. */
export async function openAdmin(options: AdminOptions): Promise<HttpServer> {
  const { config, parts, telemetry, built, status, faults, token } = options;
  const { owners, feed } = built;
  const operatorOnly = [
    ...deskRoutes(operatorDesk(owners, feed, status)),
    ...factRoutes({
      ...parts,
      intake: feed.intake,
      owners: owners.matches,
      disorder: feed.disorder,
    }),
    ...(faults?.routes() ?? []),
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
      ...forOperators(operatorOnly, token),
    ],
  });
  built.adminPort = await server.listen({ ...config.adminListen, reusePort: false });
  return server;
}

function readiness({ built, status }: AdminOptions): ReadyCheck[] {
  const behind = built.histories.writer.pending();
  const parked = built.owners.matches.status().filter(({ state }) => state === "parked").length;
  const down = status().filter(({ state }) => state !== "running").map(({ id }) => id);
  return [
    {
      name: "tree",
      state: down.length === 0 ? "ok" : "failed",
      ...(down.length > 0 ? { detail: `not running: ${down.join(", ")}` } : {}),
    },
    {
      name: "history",
      state: behind < 1_000 ? "ok" : "degraded",
      detail: `${behind} entries behind`,
    },
    { name: "matches", state: parked === 0 ? "ok" : "degraded", detail: `${parked} parked` },
  ];
}
