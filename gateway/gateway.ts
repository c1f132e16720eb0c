/**
 * The door: one public listener with its routes and sockets, put together.
 *
 * Owns no truth and no store. What it holds (sockets, sessions, who hears what)
 * is gone with the process, and its clients come back to another gateway and
 * resume where they were. Going down it says so: no newcomers, a farewell in
 * slices, then the end of what is left.
 */
import { type HeardBans, isOutForGood } from "../actors/ports/ban_roll.ts";
import type { ChannelSource } from "../channels/live_channel.ts";
import { closeCode } from "../protocol/close_code.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Route } from "../runtime/http_route.ts";
import type { Random } from "../runtime/random.ts";
import { Admission, type Strain } from "./admission.ts";
import { clientAddress, proxyRule } from "./auth/client_address.ts";
import { originRule } from "./auth/origin.ts";
import type { VerifyToken } from "./auth/pass.ts";
import type { Revocations } from "./auth/revocation_list.ts";
import { type CommandDesks, CommandRouter } from "./command_router.ts";
import { ConnectionDesk } from "./connection_desk.ts";
import { drain } from "./drain.ts";
import { connectInfoRoute } from "./http/connect_info_route.ts";
import { corsRule } from "./http/cors.ts";
import { livenessRoute } from "./http/health_routes.ts";
import { type MatchPages, matchRoutes } from "./http/match_routes.ts";
import { type PageOptions, pageRoutes } from "./http/page_routes.ts";
import { HttpServer } from "./http/server.ts";
import { Hub } from "./hub.ts";
import type { Answerers } from "./socket/answer.ts";
import { CloseLog } from "./socket/close_log.ts";
import { Connection, type ConnectionPorts } from "./socket/connection.ts";
import type { DeviceRollPorts } from "./socket/device_roll.ts";
import { Expiry } from "./socket/expiry.ts";
import { PingWheel } from "./socket/ping_wheel.ts";
import { Sessions } from "./socket/session.ts";
import { type Newcomer, socketRoute, socketUpgrade } from "./socket/upgrade.ts";

export interface GatewaySettings {
  host: string;
  /** 0: any free one. */
  port: number;
  /** Several gateways of one machine share the port. */
  reusePort: boolean;
  /** Development: without a list of origins every page may open sockets. */
  development: boolean;
  /** Whole origins: `https://golazo.example`. */
  origins: readonly string[];
  /** Addresses and networks: `10.0.0.0/8`. */
  trustedProxies: readonly string[];
  page: PageOptions;
}

export interface GatewayPorts {
  settings: GatewaySettings;
  clock: Clock;
  random: Random;
  events: BusinessEvents;
  source: ChannelSource;
  matchPages: MatchPages;
  verifyToken: VerifyToken;
  revocations: Revocations;
  bans: HeardBans;
  greeted: ConnectionPorts["greeted"];
  desks: CommandDesks;
  /** Which channels are not everybody's. */
  mayHear: Answerers["mayHear"];
  /** Where gateways agree on who sits on which device. */
  seats: Pick<DeviceRollPorts, "cells" | "broker" | "node">;
  /** How the process feels: who is overworked takes nobody in. */
  strain: Strain;
  /** Public routes of other rooms: the feed's, the assets'. */
  routes: readonly Route[];
}

export interface Gateway {
  readonly port: number;
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  connections(): number;
  /** What is known of one fan's sockets. */
  readonly desk: ConnectionDesk;
  /** Resolves when everybody is gone, at the latest somewhat after the deadline. */
  stop(deadlineMs: number): Promise<void>;
}

/** @throws {Failure} `cannotListen`, `badSetting`. */
export async function openGateway(ports: GatewayPorts): Promise<Gateway> {
  const { settings, clock, random, events } = ports;
  const { host } = settings;
  const sessions = await Sessions.open({ ...ports, ...ports.seats });
  const connections = new Set<Connection>();
  const isProxy = proxyRule(settings.trustedProxies);
  const admission = new Admission({ clock, random, isProxy, strain: ports.strain });
  const wheel = new PingWheel(clock, (spoke) => admission.greeted(spoke));
  const hub = new Hub({ ...ports });
  const expiry = new Expiry(ports);
  const forget = ports.revocations.hear(() =>
    expiry.closeRevoked((session) => ports.revocations.isRevoked(session))
  );
  const forgive = ports.bans.hear(() =>
    expiry.closeBanned(({ subject }) => isOutForGood(ports.bans.isBanned(subject)))
  );
  const shared: ConnectionPorts = {
    clock,
    random,
    events,
    hub,
    wheel,
    expiry,
    verifyToken: ports.verifyToken,
    bans: ports.bans,
    greeted: ports.greeted,
    mayHear: ports.mayHear,
    sessions,
    closes: new CloseLog(),
    connections,
    commands: new CommandRouter(ports.desks),
  };

  const addressOf = clientAddress(settings.trustedProxies);
  const pages = originRule(settings.origins, settings.development);

  function accept({ socket, stream, encoding, subscriber }: Newcomer): void {
    const connection = new Connection(socket, stream, encoding, shared);
    admission.opened(connection, subscriber);
  }

  const server = new HttpServer({
    clock,
    events,
    isProxy,
    clientAddress: addressOf,
    cors: corsRule(pages),
    strictTransport: !settings.development,
    routes: [
      livenessRoute,
      socketRoute,
      connectInfoRoute(admission),
      ...matchRoutes(ports.matchPages),
      ...ports.routes,
      ...pageRoutes(settings.page),
    ],
    upgrade: socketUpgrade({
      admission,
      events,
      accept,
      clientAddress: addressOf,
      originRule: pages,
    }),
  });

  async function stop(deadlineMs: number): Promise<void> {
    const endsAt = clock.monotonic() + deadlineMs;
    admission.close();
    server.stopListening();
    await drain([...connections], { clock, random, code: closeCode.draining, deadlineMs });
    const cut = clock.after(endsAt - clock.monotonic(), () => {
      for (const connection of connections) connection.cut();
    });
    await server.stop(endsAt - clock.monotonic());
    cut.cancel();
    wheel.stop();
    expiry.stop();
    forget();
    forgive();
    sessions.close();
    hub.close();
  }

  let port: number;
  try {
    port = await server.listen({ host, port: settings.port, reusePort: settings.reusePort });
  } catch (thrown) {
    wheel.stop();
    expiry.stop();
    forget();
    forgive();
    sessions.close();
    throw thrown;
  }
  return {
    port,
    address: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    connections: () => connections.size,
    desk: new ConnectionDesk({
      ...{ connections, closes: shared.closes },
      channels: () => hub.channels(),
    }),
    stop,
  };
}
