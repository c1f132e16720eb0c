/**
 * What a process is made of, as its tree builds it.
 */
import type { Gateway } from "../gateway/gateway.ts";
import type { HttpServer } from "../gateway/http/server.ts";
import type { Config } from "./config.ts";
import type { Lease } from "./lease.ts";
import type { Stores } from "./stores.ts";
import type { ChildStatus } from "./supervisor.ts";
import type { Telemetry } from "./telemetry_sink.ts";
import type { Feed, Histories, Owners, Parts, Readers } from "./wiring.ts";

/** What stands, by who built it; a child only reads what comes before it. */
export interface Built {
  stores: Stores;
  lease: Lease;
  histories: Histories;
  readers: Readers;
  owners: Owners;
  feed: Feed;
  gateway: Gateway;
  admin: HttpServer;
  adminPort: number;
}

export interface TreeOptions {
  config: Config;
  parts: Parts;
  telemetry: Telemetry;
  /** Names this process among all that ever were. */
  holder: string;
  /** The whole tree, for operators. */
  status(): ChildStatus[];
  built: Built;
}
