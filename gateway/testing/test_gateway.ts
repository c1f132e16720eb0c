/**
 * A whole gateway on a free port, every port and setting with a default, so
 * that what a test gives is what it is about. Time stands still unless moved.
 */
import type { BusinessEvents } from "../../runtime/business_events.ts";
import { seededRandom } from "../../runtime/random.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { type Gateway, type GatewayPorts, type GatewaySettings, openGateway } from "../gateway.ts";
import { ScriptedSource } from "./scripted_source.ts";

export interface TestGateway extends AsyncDisposable {
  gateway: Gateway;
  port: number;
  clock: SimulatedClock;
  source: ScriptedSource;
  /** What was said to the sink: `socketClosed 4008`. */
  events: string[];
}

export type TestGatewayOptions =
  & Partial<Omit<GatewayPorts, "settings" | "clock" | "source" | "events">>
  & { settings?: Partial<GatewaySettings> };

export async function openTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const clock = new SimulatedClock();
  const source = new ScriptedSource();
  const events: string[] = [];
  const settings: GatewaySettings = {
    host: "127.0.0.1",
    port: 0,
    reusePort: false,
    development: true,
    origins: [],
    trustedProxies: [],
    page: { folder: "/nowhere", buildCommand: "deno task web" },
    ...options.settings,
  };
  const gateway = await openGateway({
    random: seededRandom(7),
    matchPages: {
      list: () => Promise.resolve({ etag: "list-1", body: "[]" }),
      match: (id) => Promise.resolve(id === "arg-fra" ? { etag: "e1-7", body: "{}" } : null),
    },
    verifyToken: (token) =>
      Promise.resolve(token === "good" ? { subject: "ana", role: "fan" } : { refused: "expired" }),
    revocations: { isRevoked: () => false, hear: () => () => {} },
    bans: { isBanned: () => null, hear: () => () => {} },
    greeted: () => {},
    desks: {},
    mayHear: () => true,
    seats: loneSeats,
    strain: { lagMs: () => 0, memoryBytes: () => 0 },
    routes: [],
    ...options,
    settings,
    clock,
    source,
    events: eventsInto(events),
  });

  async function close(): Promise<void> {
    let isStopped = false;
    const stopped = gateway.stop(100).finally(() => (isStopped = true));
    // The farewell is by the gateway's clock, closing handshakes are by the real one.
    while (!isStopped) {
      await clock.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await stopped;
  }
  return { gateway, port: gateway.port, clock, source, events, [Symbol.asyncDispose]: close };
}

/** Of a gateway that is alone: nobody else is on any roll. */
export const loneSeats: GatewayPorts["seats"] = {
  cells: {
    attend: (_device, member) => Promise.resolve([member]),
    depart: () => Promise.resolve(),
  },
  broker: { publish: () => Promise.resolve(), subscribe: () => Promise.resolve(() => {}) },
  node: "here",
};

/** A sink that writes down each call with its words and numbers. */
export function eventsInto(lines: string[]): BusinessEvents {
  return new Proxy({} as BusinessEvents, {
    get: (_, name) => (...words: unknown[]) => void lines.push([String(name), ...words].join(" ")),
  });
}
