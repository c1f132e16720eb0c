/**
 * What a platform asks a process: alive? ready? how does it feel?
 *
 * Alive is public and asks nothing of anybody, so an outage of a store never
 * gets a process killed that still serves its sockets. Ready and the metrics
 * are the admin listener's.
 */
import { type HttpReply, jsonReply, type Route } from "../../runtime/http_route.ts";

export interface ReadyCheck {
  name: string;
  /** Degraded: most of it works, fans are served. Failed: send nobody here. */
  state: "ok" | "degraded" | "failed";
  detail?: string;
}

export interface HealthPorts {
  checks(): Promise<ReadyCheck[]>;
  metrics(): Promise<{ contentType: string; text: string }>;
}

export const livenessRoute: Route = {
  method: "GET",
  path: "/healthz",
  answer: () => jsonReply({ status: "ok" }, 200, { "cache-control": "no-store" }),
};

export function healthRoutes({ checks, metrics }: HealthPorts): Route[] {
  return [
    livenessRoute,
    { method: "GET", path: "/readyz", answer: async () => readyReply(await checks()) },
    {
      method: "GET",
      path: "/metrics",
      async answer() {
        const { contentType, text } = await metrics();
        return { status: 200, headers: { "content-type": contentType }, body: text };
      },
    },
  ];
}

function readyReply(checks: ReadyCheck[]): HttpReply {
  const has = (state: ReadyCheck["state"]) => checks.some((check) => check.state === state);
  const status = has("failed") ? "failed" : has("degraded") ? "degraded" : "ok";
  const headers = { "cache-control": "no-store" };
  return jsonReply({ status, checks }, status === "failed" ? 503 : 200, headers);
}
