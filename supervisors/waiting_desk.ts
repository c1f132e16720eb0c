/**
 * The admin listener of a process that is not there yet.
 *
 * A platform asks from the first moment on: alive, so that nobody restarts what
 * only waits; not ready, with the name of what it waits for. The real listener
 * takes its place, on the same port.
 */
import { clientAddress } from "../gateway/auth/client_address.ts";
import { healthRoutes } from "../gateway/http/health_routes.ts";
import { HttpServer } from "../gateway/http/server.ts";
import { silentEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Config } from "./config.ts";

/** How long a question that came before the change may take. */
const CLOSE_MS_MAX = 1_000;

export class WaitingDesk {
  readonly #clock: Clock;
  #address: Config["adminListen"];
  #server: HttpServer | null = null;
  /** Why it is not ready. */
  reason = "starting";

  constructor(address: Config["adminListen"], clock: Clock) {
    this.#address = address;
    this.#clock = clock;
  }

  /** The port is a real one once it was open. */
  get address(): Config["adminListen"] {
    return this.#address;
  }

  /** Opening what is open is harmless. @throws {Failure} `cannotListen`. */
  async open(): Promise<void> {
    if (this.#server !== null) return;
    const server = new HttpServer({
      clientAddress: clientAddress([]),
      clock: this.#clock,
      events: silentEvents,
      routes: healthRoutes({
        checks: () => Promise.resolve([{ name: "start", state: "failed", detail: this.reason }]),
        metrics: () => Promise.resolve({ contentType: "text/plain; version=0.0.4", text: "" }),
      }),
    });
    const port = await server.listen({ ...this.#address, reusePort: false });
    this.#address = { ...this.#address, port };
    this.#server = server;
  }

  /** Closing twice is harmless. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await server?.stop(CLOSE_MS_MAX);
  }
}
