/**
 * The crash drill's hook: makes the transitions of one match throw.
 *
 * Development only. Set at start by GOLAZO_FAULT_CRASH_MATCH, moved or switched
 * off by an operator at `POST /api/ops/faults {"crashMatch": "<id>" | null}`,
 * and counted, so a drill can tell that its fault was injected.
 */
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  problemReply,
  type Route,
} from "../runtime/http_route.ts";

const BODY_BYTES_MAX = 1_024;

export class FaultHook {
  #crashMatch: string | null;
  #injected = 0;

  constructor(crashMatch: string | null) {
    this.#crashMatch = crashMatch;
  }

  /** @throws where the transition of this match is to throw. */
  beforeTransition(matchId: string): void {
    if (matchId !== this.#crashMatch) return;
    this.#injected += 1;
    throw new Error(`Injected fault ${this.#injected}: transitions of ${matchId} throw`);
  }

  routes(): Route[] {
    return [
      { method: "GET", path: "/api/ops/faults", answer: () => this.#state() },
      { method: "POST", path: "/api/ops/faults", answer: (request) => this.#set(request) },
    ];
  }

  #state(): HttpReply {
    return jsonReply({ crashMatch: this.#crashMatch, injected: this.#injected });
  }

  async #set(request: HttpRequest): Promise<HttpReply> {
    const body = new TextDecoder().decode(await request.body(BODY_BYTES_MAX));
    const crashMatch = readCrashMatch(body);
    if (crashMatch === undefined) {
      const detail = `Cannot set the fault: needed {"crashMatch": a match id or null}, found ${
        body.slice(0, 100)
      }`;
      return problemReply({ status: 400, code: "malformed", field: "crashMatch", detail });
    }
    this.#crashMatch = crashMatch;
    return this.#state();
  }
}

function readCrashMatch(body: string): string | null | undefined {
  try {
    const { crashMatch } = JSON.parse(body);
    return crashMatch === null || typeof crashMatch === "string" ? crashMatch : undefined;
  } catch {
    return undefined;
  }
}
