/**
 * What the feed's tests build on: the real intake over a real store, and an
 * owner of matches that does as it is told.
 */
import { type Fact, factKey } from "../actors/match/match_event.ts";
import type { FactAnswer, FactDelivery, MatchOwners } from "../actors/ports/match_owners.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { SqliteFile } from "../db/embedded/sqlite_file.ts";
import { SqliteStream } from "../db/embedded/sqlite_stream.ts";
import { type BusinessEvents, silentEvents } from "../runtime/business_events.ts";
import { Failure } from "../runtime/failure.ts";
import type { HttpReply, HttpRequest, Route } from "../runtime/http_route.ts";
import { seededRandom } from "../runtime/random.ts";
import { SimulatedClock } from "../runtime/simulated_clock.ts";
import { DisorderReport } from "./disorder_report.ts";
import { Intake } from "./intake.ts";
import { IntakeQueue } from "./intake_queue.ts";
import { SafeDelivery } from "./safe_delivery.ts";

/** Accepts each fact once, knows a match from its fixture on. */
export class TestOwners implements MatchOwners {
  /** Whether the owner is in the feed's own process. */
  isHere = false;

  readonly accepted: { matchId: string; fact: Fact; trace?: string }[] = [];
  readonly heartbeats: { matchId: string; provider: string }[] = [];
  readonly known = new Set<string>();
  /** away: throws; silent: answers once it is answering again. */
  state: "answering" | "away" | "silent" = "answering";
  /** Rejects facts of this type. */
  rejects: string | null = null;
  #seen = new Set<string>();
  #waiting: (() => void)[] = [];

  knows(matchId: string): Promise<boolean> {
    return Promise.resolve(this.known.has(matchId));
  }

  decidesHere(): boolean {
    return this.isHere;
  }

  async deliver(matchId: string, deliveries: FactDelivery[]): Promise<FactAnswer[]> {
    if (this.state === "away") {
      throw new Failure("ownerUnavailable", "the owner is away", { retryable: true });
    }
    if (this.state === "silent") await new Promise<void>((wake) => this.#waiting.push(wake));
    return deliveries.map(({ fact, trace }) => {
      if (fact.type === this.rejects) {
        return { outcome: "rejected", code: "noRoom", reason: "full" };
      }
      const key = `${matchId}/${factKey(fact)}/${fact.revision}`;
      if (this.#seen.has(key)) return { outcome: "duplicate" };
      this.#seen.add(key);
      if (fact.type === "match.scheduled") this.known.add(matchId);
      this.accepted.push({ matchId, fact, trace });
      return { outcome: "accepted" };
    });
  }

  heard(matchId: string, provider: string): void {
    this.heartbeats.push({ matchId, provider });
  }

  changeSource(_matchId: string, provider: string): Promise<FactAnswer> {
    return Promise.resolve(
      provider === this.rejects
        ? { outcome: "rejected", code: "unknownSource", reason: "never heard of it" }
        : { outcome: "accepted" },
    );
  }

  answerAgain(): void {
    this.state = "answering";
    for (const wake of this.#waiting.splice(0)) wake();
  }

  ids(): string[] {
    return this.accepted.map(({ fact }) => fact.id);
  }
}

export function memoryStream(path = ":memory:"): { file: SqliteFile; streams: SqliteStream } {
  const file = new SqliteFile(path, { synchronous: "full" });
  return { file, streams: new SqliteStream(file, new MemoryBroker(silentEvents), seededRandom(1)) };
}

export function feedKit(streams = memoryStream().streams) {
  const clock = new SimulatedClock();
  const refusals: string[] = [];
  const answers: string[] = [];
  const warnings: string[] = [];
  const events = eventsThat({
    factAnswered: (match, provider, outcome, code) =>
      void answers.push([match, provider, outcome, code].filter(Boolean).join(" ")),
    requestRefused: (where, reason) => void refusals.push(`${where} ${reason}`),
    warned: (message) => void warnings.push(message),
  });
  const owners = new TestOwners();
  const queue = new IntakeQueue(streams, clock);
  const delivery = new SafeDelivery(queue, owners, clock);
  const disorder = new DisorderReport(events, clock);
  const intake = new Intake({ delivery, owners, disorder, events, clock });
  return { clock, events, owners, queue, delivery, disorder, intake, refusals, answers, warnings };
}

/** A sink for these events alone. */
export function eventsThat(listen: Partial<BusinessEvents>): BusinessEvents {
  return Object.assign(Object.create(silentEvents), listen);
}

export const MATCH = "arg-fra-2022-12-18";
const KICKOFF = 1_671_375_600_000;

export function fixture(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "fixture",
    revision: 1,
    type: "match.scheduled",
    occurredAt: KICKOFF - 3_600_000,
    competition: "FIFA World Cup 2022",
    stage: "Final",
    kickoffAt: KICKOFF,
    home: { id: "arg", name: "Argentina" },
    away: { id: "fra", name: "France" },
    format: { kind: "cup" },
    ...change,
  };
}

export function goal(id: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    revision: 1,
    type: "goal.scored",
    occurredAt: KICKOFF + 23 * 60_000,
    side: "home",
    method: "open",
    period: "firstHalf",
    minute: 23,
    ...change,
  };
}

export interface TestRequest {
  body?: unknown;
  headers?: Record<string, string>;
}

/** Asks the route that fits, as a router would. */
export async function ask(
  routes: Route[],
  method: string,
  path: string,
  { body = "", headers = {} }: TestRequest = {},
): Promise<{ status: number; headers: Record<string, string>; json: Record<string, unknown> }> {
  const bytes = bytesOf(body);
  for (const route of routes) {
    const params = route.method === method ? paramsOf(route.path, path) : null;
    if (!params) continue;
    const request: HttpRequest = {
      method,
      url: new URL(path, "http://localhost"),
      headers: new Headers(headers),
      address: "127.0.0.1",
      params,
      body: (bytesMax) =>
        bytes.length <= bytesMax ? Promise.resolve(bytes) : Promise.reject(
          new Failure("bodyTooLarge", `Cannot read ${bytes.length} bytes: ${bytesMax} are allowed`),
        ),
    };
    const reply: HttpReply = await route.answer(request);
    return {
      status: reply.status,
      headers: reply.headers ?? {},
      json: JSON.parse(reply.body as string),
    };
  }
  throw new Error(`no route for ${method} ${path}`);
}

export function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const found = path.split("/");
  if (wanted.length !== found.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    if (part.startsWith(":")) params[part.slice(1)] = found[at]!;
    else if (part !== found[at]) return null;
  }
  return params;
}
