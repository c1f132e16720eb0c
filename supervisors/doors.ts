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
import { connectionRoutes } from "../gateway/http/connection_routes.ts";
import { healthRoutes, type ReadyCheck } from "../gateway/http/health_routes.ts";
import { operatorRoutes as deskRoutes } from "../gateway/http/operator_routes.ts";
import { revocationRoutes } from "../gateway/http/revocation_routes.ts";
import { HttpServer } from "../gateway/http/server.ts";
import { sessionRoutes } from "../gateway/http/session_routes.ts";
import { residentBytes } from "../runtime/platform.ts";
import type { TreeOptions } from "./built.ts";
import { operatorDesk } from "./operator_desk.ts";

const PAGE_FOLDER = fileURLToPath(new URL("../clients/web/dist", import.meta.url));

/** Entries wait longer for SQL than a busy one makes them. */
const HISTORY_BEHIND_MS_OK = 1_000;

/** @throws {Failure} `cannotListen`. */
export async function openDoor(options: TreeOptions): Promise<Gateway> {
  const { config, parts, built, telemetry, node } = options;
  const { feed, hot, readers, tokens } = built;
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
    verifyToken: tokens.verifyToken,
    revocations: tokens.revocations,
    desks: {},
    seats: { cells: hot.seats, broker: hot.broker, node },
    strain: { lagMs: () => telemetry.lagSeconds() * 1_000, memoryBytes: residentBytes },
    routes: [
      ...sessionRoutes({ ...parts, guests: tokens.signer }),
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
      ...forOperators(operatorOnly, { ...tokens, token: operatorToken }),
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
    const matches = built.owners.matches.status();
    const count = (asked: string) => matches.filter(({ state }) => state === asked).length;
    const [parked, backingOff] = [count("parked"), count("backingOff")];
    const state = parked + backingOff === 0 ? "ok" : "degraded";
    checks.push({ name: "matches", state, detail: `${parked} parked, ${backingOff} backing off` });
  }
  return checks;
}
