/**
 * The drills' hook: makes the transitions of one match throw, or stops its
 * settlement at a moment of a chunk, until the process is killed or let go.
 *
 * Development only. Set at start by GOLAZO_FAULT_CRASH_MATCH, moved or switched
 * off by an operator at `POST /api/ops/faults {"crashMatch": "<id>" | null}` or
 * `{"settlement": {"match": "<id>", "moment": "afterCommit", "chunks": 2} | null}`,
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

/** Stops the settlement at this moment, once so many chunks have passed it. */
interface SettlementStop {
  match: string;
  moment: string;
  chunks: number;
}

export class FaultHook {
  #crashMatch: string | null;
  #injected = 0;
  #stop: SettlementStop | null = null;
  #letGo: () => void = () => {};
  /** Whether a settlement stands still now. */
  #isStopped = false;

  constructor(crashMatch: string | null) {
    this.#crashMatch = crashMatch;
  }

  /** @throws where the transition of this match is to throw. */
  beforeTransition(matchId: string): void {
    if (matchId !== this.#crashMatch) return;
    this.#injected += 1;
    throw new Error(`Injected fault ${this.#injected}: transitions of ${matchId} throw`);
  }

  /** Resolves once the settlement may go on. */
  async atSettlement(moment: string, matchId: string): Promise<void> {
    const stop = this.#stop;
    if (stop === null || stop.match !== matchId || stop.moment !== moment) return;
    if (stop.chunks-- > 0) return;
    this.#injected += 1;
    this.#isStopped = true;
    await new Promise<void>((resolve) => (this.#letGo = resolve));
    this.#isStopped = false;
  }

  routes(): Route[] {
    return [
      { method: "GET", path: "/api/ops/faults", answer: () => this.#state() },
      { method: "POST", path: "/api/ops/faults", answer: (request) => this.#set(request) },
    ];
  }

  #state(): HttpReply {
    return jsonReply({
      crashMatch: this.#crashMatch,
      settlementStopped: this.#isStopped,
      injected: this.#injected,
    });
  }

  async #set(request: HttpRequest): Promise<HttpReply> {
    const body = new TextDecoder().decode(await request.body(BODY_BYTES_MAX));
    const settlement = readSettlementStop(body);
    if (settlement !== undefined) {
      this.#stop = settlement;
      this.#letGo();
      return this.#state();
    }
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

function readSettlementStop(body: string): SettlementStop | null | undefined {
  try {
    const { settlement } = JSON.parse(body);
    if (settlement === null) return null;
    const { match, moment, chunks } = settlement;
    const isStop = typeof match === "string" && typeof moment === "string" &&
      Number.isSafeInteger(chunks);
    return isStop ? { match, moment, chunks } : undefined;
  } catch {
    return undefined;
  }
}
