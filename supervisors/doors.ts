/**
 * The two listeners of a process: the public door and the operators'.
 */
import { fileURLToPath } from "node:url";
import { feedRoutes } from "../feed/feed_routes.ts";
import { operatorRoutes as factRoutes } from "../feed/providers/operator.ts";
import { WebhookProviders } from "../feed/providers/webhook.ts";
import { clientAddress } from "../gateway/auth/client_address.ts";
import { forOperators } from "../gateway/auth/operator_token.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { healthRoutes, type ReadyCheck } from "../gateway/http/health_routes.ts";
import { operatorRoutes as deskRoutes } from "../gateway/http/operator_routes.ts";
import { HttpServer } from "../gateway/http/server.ts";
import type { TreeOptions } from "./built.ts";
import { operatorDesk } from "./operator_desk.ts";

const PAGE_FOLDER = fileURLToPath(new URL("../clients/web/dist", import.meta.url));

/** Entries wait longer for SQL than a busy one makes them. */
const HISTORY_BEHIND_MS_OK = 1_000;

/** @throws {Failure} `cannotListen`. */
export async function openDoor({ config, parts, built }: TreeOptions): Promise<Gateway> {
  const { feed, readers } = built;
  // Loaded where there is a door: sockets are nothing to owners and workers.
  const { openGateway } = await import("../gateway/gateway.ts");
  return openGateway({
    ...parts,
    settings: {
      host: config.host,
      port: config.port,
      // Several gateways of one machine share the port; one alone is told when it is taken.
      reusePort: config.role === "gateway",
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

/** @throws {Failure} `cannotListen`. */
export async function openAdmin(options: TreeOptions): Promise<HttpServer> {
  const { config, parts, telemetry, built, faults, operatorToken } = options;
  const { anyOwners, feed } = built;
  const operatorOnly = [
    ...deskRoutes(operatorDesk(options)),
    // A node that only owns takes nothing in.
    ...(feed === undefined ? [] : factRoutes({ ...parts, ...feed, owners: anyOwners })),
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
      ...forOperators(operatorOnly, operatorToken),
    ],
  });
  built.adminPort = await server.listen({ ...config.adminListen, reusePort: false });
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
    const parked = built.owners.matches.status().filter(({ state }) => state === "parked").length;
    const state = parked === 0 ? "ok" : "degraded";
    checks.push({ name: "matches", state, detail: `${parked} parked` });
  }
  return checks;
}
