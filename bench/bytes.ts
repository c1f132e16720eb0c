/**
 * `deno task bench bytes`: what a match costs a subscriber's connection.
 *
 * A normal server, real matches told by signed webhooks, one fact after the
 * other, so nothing is merged that a fan would get apart; the bytes are those
 * that came through the socket. Whoever counts also keeps the match's picture
 * and holds it against what was played: bytes that do not tell the whole do not
 * count.
 */
import { isDeepStrictEqual, parseArgs } from "node:util";
import type { MatchPicture } from "../clients/sdk/match_store.ts";
import { BUNDLED_FOLDER, loadBundledMatches, scheduledFact } from "../feed/bundled_match.ts";
import { matchChannel } from "../protocol/mod.ts";
import { systemClock } from "../runtime/clock.ts";
import { assert, Failure } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { seededRandom, systemRandom } from "../runtime/random.ts";
import { EVENTS, footballSequence, openingFacts, shownOf } from "./bytes/football_sequence.ts";
import { Follower } from "./bytes/follower.ts";
import { Fans } from "./fans.ts";
import { figureOf, printFigure } from "./figure.ts";
import { startServer } from "./server_process.ts";
import { feedSettings, WebhookConnection } from "./webhook_connection.ts";

const BENCH = "bytes";
const PROVIDER = "acme";
const MATCH = "arg-fra-2022-12-18";
/** Of Centrifugo's test; the seeds after it show that it is no lucky one. */
const SEED = 37;
const SEEDS = 7;
/** On Linux' loopback: Ethernet 14, IP 20, TCP with its timestamps 32. */
const HEADER_BYTES = 66;
const THREE_HOURS_MS = 3 * 3_600_000;
const ARRIVE_MS_MAX = 5_000;

/** Posts one fact, resolves when the server has taken it. */
type Tell = (match: string, fact: Record<string, unknown>) => Promise<void>;

/** Options: `--full`, `--runs N` (seeds of the sequence of thirty). */
export async function bytes(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: { full: { type: "boolean", default: false }, runs: { type: "string" } },
  });
  const seeds = Number(values.runs ?? (values.full ? 10 * SEEDS : SEEDS));
  assert(seeds >= 1, "there is at least one seed");
  const key = systemRandom.bytes(32);
  const server = await startServer({
    GOLAZO_REPLAY_SPEED: "0",
    ...feedSettings({ name: PROVIDER, key }),
  });
  try {
    const feed = await WebhookConnection.open(server.port, { name: PROVIDER, key });
    const tell = teller(feed);
    await wholeMatch(server.port, tell);
    const sums: number[] = [];
    for (let seed = SEED; seed < SEED + seeds; seed++) {
      sums.push(await sequence(server.port, tell, seed));
    }
    printFigure(figureOf(BENCH, "sequence30_bytes", "B", sums));
    feed.close();
  } finally {
    await server.stop();
  }
}

async function wholeMatch(port: number, tell: Tell): Promise<void> {
  const match = (await loadBundledMatches(BUNDLED_FOLDER)).find(({ id }) => id === MATCH);
  assert(match !== undefined, "the match is bundled");
  const kickoffAt = systemClock.now() - THREE_HOURS_MS;
  await tell(MATCH, { ...scheduledFact(match.scheduled, kickoffAt), kickoffAt });
  const [protobuf, json] = await Promise.all(
    (["protobuf", "json"] as const).map((form) => Follower.open(port, matchChannel(MATCH), form)),
  ) as [Follower, Follower];
  for (const { at, value } of match.facts) {
    await tell(MATCH, told({ ...value, occurredAt: kickoffAt + at * 1_000 }));
  }
  // A newcomer is shown what both must have by then.
  const newcomer = await Follower.open(port, matchChannel(MATCH), "protobuf");
  const whole = comparable(newcomer.picture!);
  for (const follower of [protobuf, json]) {
    await follower.sees((picture) => isDeepStrictEqual(comparable(picture), whole));
  }
  assert(protobuf.goalFrameBytes.length > 0, "the match has goals");
  printFigure(figureOf(BENCH, "goal_frame_bytes", "B", [Math.max(...protobuf.goalFrameBytes)]));
  printFigure(figureOf(BENCH, "match_bytes_golazo", "B", [protobuf.bytes]));
  printFigure(figureOf(BENCH, "match_bytes_json", "B", [json.bytes]));
  printError(`${MATCH}: ${match.facts.length} facts, ${protobuf.publications} publications`);
  for (const follower of [protobuf, json, newcomer]) follower.close();
}

/** The bytes of thirty events with the headers of their packets. */
async function sequence(port: number, tell: Tell, seed: number): Promise<number> {
  const id = `sequence-${seed}`;
  const kickoffAt = systemClock.now() - THREE_HOURS_MS;
  for (const fact of openingFacts(kickoffAt)) await tell(id, fact);
  const view = await Follower.open(port, matchChannel(id), "protobuf");
  const fans = new Fans();
  try {
    await fans.follow({ port, fans: 1, channels: [matchChannel(id)], batch: true });
    const [before, packetsBefore] = [await fans.count(), await fans.segments()];
    for (const { fact, shown } of footballSequence(seededRandom(seed), kickoffAt)) {
      await tell(id, fact);
      // Nothing of the next event may be needed for this one, nor the other way round.
      await view.sees((picture) => isDeepStrictEqual(shownOf(picture), shown));
      const { publications } = await fans.arrived(view.publications, ARRIVE_MS_MAX);
      assert(publications === view.publications, "both sockets get the same");
    }
    const payload = (await fans.count()).bytes - before.bytes;
    const packets = await fans.segments() - packetsBefore;
    assert(packets >= EVENTS, "each event comes in a packet of its own");
    printError(
      `seed ${seed}: ${EVENTS} events, ${packets} packets, ${payload} bytes without headers`,
    );
    return payload + packets * HEADER_BYTES;
  } finally {
    view.close();
    await fans.stop();
  }
}

function teller(feed: WebhookConnection): Tell {
  let posted = 0;
  return async (match, fact) => {
    const { status, body } = await feed.post(`bytes-${posted += 1}`, { match, facts: [fact] })
      .reply;
    if (status === 200 && JSON.parse(body).facts[0].outcome === "accepted") return;
    throw new Failure("factRefused", `Cannot post a fact: the server said ${status} ${body}`);
  };
}

/** A bundled fact as this provider's: what it refers to is its own. */
function told(fact: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(fact), (name, value) => name === "provider" ? PROVIDER : value);
}

/** Line-ups come in any order. */
function comparable(picture: MatchPicture): MatchPicture {
  return { ...picture, lineups: picture.lineups.toSorted((a, b) => a.side < b.side ? -1 : 1) };
}
