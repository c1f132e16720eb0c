/**
 * A running Golazo: one process's root supervisor and what it listens on.
 *
 * The one composition root. `startGolazo` is also the face for programs that
 * embed it: no signal handlers, no exit, no output but through `write`.
 */
import type { Clock } from "../runtime/clock.ts";
import { systemClock } from "../runtime/clock.ts";
import { processId } from "../runtime/platform.ts";
import { limits } from "../runtime/limits.ts";
import { type Random, randomId, systemRandom } from "../runtime/random.ts";
import type { Built } from "./built.ts";
import type { BusinessLog } from "./business_log.ts";
import type { Child, Exit } from "./child_spec.ts";
import type { Config } from "./config.ts";
import { FaultHook } from "./fault_hook.ts";
import { operatorToken } from "./operator_key.ts";
import { Quarantine } from "./quarantine.ts";
import type { Address } from "./setting_types.ts";
import { type ChildStatus, Supervisor } from "./supervisor.ts";
import { createTelemetry } from "./telemetry_sink.ts";
import { treeOf } from "./tree.ts";

export interface Golazo extends Child {
  /** Of the public listener: `http://localhost:8080`; null where the role has none. */
  readonly address: string | null;
  /** Of the admin listener. */
  readonly adminAddress: string;
  /** What it does about the bundled matches; null where they are not played at all. */
  readonly replay: "plays" | "standsBy" | null;
  readonly log: BusinessLog;
}

export interface GolazoOptions {
  config: Config;
  clock?: Clock;
  random?: Random;
  /** Takes the log, a line at a time. */
  write(line: string): void;
  /** Frees the admin listener's port, where somebody keeps it until there is a listener. */
  makeRoom?(): Promise<void>;
  /** Calls the start off; once it is over, use `stop`. */
  signal?: AbortSignal;
}

/** @throws {Failure} `childNotStarted`, its cause being what went wrong; `supervisorStopped`. */
export async function startGolazo(options: GolazoOptions): Promise<Golazo> {
  const { config, write, clock = systemClock, random = systemRandom, signal } = options;
  const node = `${processId()}-${randomId(random)}`;
  const telemetry = createTelemetry({
    ...{ mode: config.mode, clock, write },
    tracing: {
      ...{ endpoint: config.otlpEndpoint, random },
      process: {
        "service.name": "golazo",
        "service.instance.id": node,
        "golazo.role": config.role,
      },
    },
  });
  const parts = { clock, random, events: telemetry.events };
  const built = { abilities: {}, kinds: [] } as Partial<Built> as Built;
  let root: Supervisor | null = null;
  const status = (): ChildStatus[] => root?.status() ?? [];
  const isDevelopment = config.mode === "development";
  root = await Supervisor.start({
    ...parts,
    signal,
    id: "root",
    strategy: "rest_for_one",
    whenExceeded: "escalate",
    intensity: {
      restartsMax: limits.infrastructureRestartsMax,
      windowMs: limits.infrastructureWindowMs,
    },
    children: treeOf({
      config,
      parts,
      telemetry,
      built,
      status,
      node,
      quarantine: new Quarantine(),
      faults: new FaultHook(config.faultCrashMatch),
      operatorToken: isDevelopment ? operatorToken(config.data, random) : null,
      makeRoom: () => options.makeRoom?.() ?? Promise.resolve(),
    }),
  }).catch(async (error) => {
    await telemetry.stop();
    throw error;
  });
  return running(root, built, config, telemetry);
}

function running(
  root: Supervisor,
  built: Built,
  config: Config,
  telemetry: ReturnType<typeof createTelemetry>,
): Golazo {
  return {
    exited: root.exited as Promise<Exit>,
    async stop(reason) {
      await root.stop(reason);
      await telemetry.stop();
    },
    address: built.gateway === undefined
      ? null
      : listenerUrl({ host: config.host, port: built.gateway.port }),
    adminAddress: listenerUrl({ ...config.adminListen, port: built.adminPort }),
    replay: built.isReplaying === undefined ? null : built.isReplaying() ? "plays" : "standsBy",
    log: telemetry.log,
  };
}

/** What a person can type into a browser. */
export function listenerUrl({ host, port }: Address): string {
  const isEvery = host === "0.0.0.0" || host === "::";
  const name = isEvery ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
