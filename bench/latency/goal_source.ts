/**
 * The provider of the bench, in a process of its own: posts the script's facts,
 * one a request, one keep-alive connection a match.
 *
 * Facts go out when they are due, at uneven distances, so that they do not beat
 * in time with anything of the server's.
 */
import { type Clock, pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { type Random, seededRandom } from "../../runtime/random.ts";
import { obey } from "../load_process.ts";
import { type Reply, WebhookConnection } from "../webhook_connection.ts";
import { goalScript, matchId, PROVIDER, type Script, type ScriptedFact } from "./goal_script.ts";

export interface Feed {
  port: number;
  /** Of the provider, base64. */
  key: string;
}

export interface OpenArgument extends Feed {
  matches: number;
}

export interface PlayArgument extends Feed {
  /** Between two facts, in ms. */
  gapMsMin: number;
  gapMsMax: number;
}

/** When each goal's first byte was written, by this process's clock. */
export type Posted = [key: string, writtenAt: number][];

const SEED = 2026;
const THREE_HOURS_MS = 3 * 3_600_000;

const clock: Clock = systemClock;
const random: Random = seededRandom(SEED);
let script: Script;
let connections: WebhookConnection[];
let postedFacts = 0;

obey({
  async open({ port, key, matches }: OpenArgument): Promise<number> {
    script = goalScript(matches, clock.now() - THREE_HOURS_MS);
    await connect({ port, key }, matches);
    for (const told of script.opening) await accepted(post(told).reply);
    for (const connection of connections) connection.close();
    return script.goals;
  },

  async play({ port, key, gapMsMin, gapMsMax }: PlayArgument): Promise<Posted> {
    await connect({ port, key }, script.matches);
    const posted: Posted = [];
    const replies: Promise<void>[] = [];
    let dueAt = clock.monotonic();
    for (const told of script.play) {
      dueAt += gapMsMin + random.fraction() * (gapMsMax - gapMsMin);
      await pause(clock, Math.max(0, dueAt - clock.monotonic()));
      const { writtenAt, reply } = post(told);
      if (told.key !== null) posted.push([told.key, writtenAt]);
      const answered = accepted(reply);
      // Heard below, once everything is posted.
      answered.catch(() => {});
      replies.push(answered);
    }
    await Promise.all(replies);
    return posted;
  },
});

async function connect({ port, key }: Feed, matches: number): Promise<void> {
  const provider = { name: PROVIDER, key: Buffer.from(key, "base64") };
  connections = await Promise.all(
    Array.from({ length: matches }, () => WebhookConnection.open(port, provider)),
  );
}

function post({ match, fact }: ScriptedFact): { writtenAt: number; reply: Promise<Reply> } {
  postedFacts += 1;
  const content = { match: matchId(match), facts: [fact] };
  return connections[match]!.post(`bench-${postedFacts}`, content);
}

/** @throws {Failure} where the server did not take the fact. */
async function accepted(reply: Promise<Reply>): Promise<void> {
  const { status, body } = await reply;
  if (status === 200 && JSON.parse(body).facts[0].outcome === "accepted") return;
  throw new Failure("factRefused", `Cannot post a fact: the server said ${status} ${body}`);
}
