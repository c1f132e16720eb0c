/**
 * The drill of the killed server: SIGKILL while six matches are played, half of
 * the times within 5 ms of a goal, else at any moment or at an answer, and a
 * restart on what is left.
 *
 * The source never sends twice, so a fact that was answered and lost stays
 * lost; every third run also loses the end of a file. Held is what the history
 * checker holds, that SQL has at the kill whatever was answered before it, and
 * that every match publishes again within 5 s.
 */
import { setTimeout as pause } from "node:timers/promises";
import { AdminDesk } from "./admin_desk.ts";
import { cutMainFile, cutNewestFile } from "./cut_file.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { checkAnswers, checkHistory } from "./history_checker.ts";
import { atAnswer, atGoal } from "./kill_moments.ts";
import { PlausibleMatch } from "./plausible_match.ts";
import { ProcessGroup, type ServerProcess } from "./process_group.ts";
import { SeededRandom } from "./seeded_random.ts";
import { watchSilence } from "./silence_watch.ts";
import { readStoredHistory, type StoredHistory, type StoredLedgers } from "./stored_history.ts";
import { Subscriber } from "./subscriber.ts";
import { until } from "./until.ts";
import { WebhookSource } from "./webhook_source.ts";

const MATCHES = 6;
const RESTING_FACTS = 40;
const FACT_EVERY_MS = 30;
const KILLS = 2;
const PLAY_MS_MIN = 300;
const PLAY_MS_MAX = 1_000;
const SILENCE_MS_MAX = 5_000;
const CUT_EVERY_RUNS = 3;
/** So many cuts hit a store's main file instead of the newest one. */
const MAIN_FILE_SHARE = 0.25;

export const killServer: Drill = {
  name: "kill_server",
  form: "embedded",
  faults: ["kills", "kills_at_goal", "cuts"],
  async run(seed, run) {
    const drill = new KillServer(seed * 1_000 + run, run);
    try {
      return await drill.run();
    } finally {
      drill.end();
    }
  },
};

class KillServer {
  readonly #random: SeededRandom;
  readonly #run: number;
  readonly #group = new ProcessGroup(WebhookSource.settings);
  readonly #source = new WebhookSource(() => this.#server.address);
  readonly #matches: PlausibleMatch[];
  /** Told to its end before the first kill: nobody speaks of it again, and it must still be there. */
  readonly #resting: PlausibleMatch;
  readonly #clients: Subscriber[] = [];
  readonly #violations: string[] = [];
  readonly #cutFiles: string[] = [];
  readonly #beforeCuts: StoredLedgers[] = [];
  readonly #counts = {
    kills: 0,
    kills_at_goal: 0,
    cuts: 0,
    /** Entries that a cut took from the ledger or from SQL. */
    cut_entries: 0,
    /** Stores that the server says it rebuilt or put aside. */
    rebuilt: 0,
    set_aside: 0,
  };
  readonly #times = { silence_ms: 0, silence_all_ms: 0 };
  #server!: ServerProcess;
  #play: ReturnType<typeof setInterval> | undefined;
  #told = 0;

  constructor(seed: number, run: number) {
    // The faults draw by themselves: how many facts were told until then is the machine's doing.
    this.#random = new SeededRandom(seed);
    const random = new SeededRandom(-seed);
    this.#run = run;
    this.#matches = Array.from(
      { length: MATCHES },
      (_, at) => new PlausibleMatch(`match-${at + 1}`, random),
    );
    this.#resting = new PlausibleMatch("resting", random);
  }

  async run(): Promise<RunReport> {
    this.#server = await this.#group.start();
    for (const match of this.#all()) await this.#source.post(match.id, [match.fixture()]);
    for (let fact = 0; fact < RESTING_FACTS; fact++) {
      await this.#source.post(this.#resting.id, [this.#resting.next()]);
    }
    const fan = this.#subscribe("fan");
    await until("a fan is subscribed", () => fan.isSubscribed);
    this.#play = setInterval(() => this.#tell(), FACT_EVERY_MS);
    for (let kill = 0; kill < KILLS; kill++) await this.#killAndRestart(fan, kill);
    await pause(PLAY_MS_MIN);
    clearInterval(this.#play);
    await this.#source.settled();
    return await this.#findings(fan);
  }

  end(): void {
    clearInterval(this.#play);
    for (const client of this.#clients) client.close();
    this.#group.end();
  }

  #all(): PlausibleMatch[] {
    return [...this.#matches, this.#resting];
  }

  #subscribe(name: string): Subscriber {
    const client = new Subscriber({
      name,
      address: () => this.#server.address,
      channels: this.#all().map(({ id }) => `match:${id}`),
    });
    this.#clients.push(client);
    return client;
  }

  #tell(): void {
    const match = this.#matches[this.#told++ % MATCHES]!;
    void this.#source.post(match.id, [match.next()]);
  }

  async #killAndRestart(fan: Subscriber, kill: number): Promise<void> {
    await pause(this.#random.whole(PLAY_MS_MIN, PLAY_MS_MAX));
    // The moments change places from run to run, so that half of all kills are at a goal.
    if ((this.#run + kill) % 2 === 0) {
      await atGoal(fan, this.#source, this.#random);
      this.#counts.kills_at_goal += 1;
    } else if (this.#random.chance(0.5)) {
      await atAnswer(this.#source, this.#matches, this.#random);
    }
    this.#server.kill("SIGKILL");
    const killedAt = performance.now();
    this.#counts.kills += 1;
    const told = [...this.#source.posted];
    await this.#server.exited;
    this.#readLog();

    const atKill = readStoredHistory(this.#group.dataFolder);
    if (this.#run % CUT_EVERY_RUNS === 1) this.#cut(atKill);
    const silence = watchSilence(fan, this.#matches.map(({ id }) => `match:${id}`), killedAt);
    this.#server = await this.#group.start();
    await until("every match publishes again", () => silence.isOver, SILENCE_MS_MAX * 4);
    // The source does not send twice: what it knows now of these facts, the killed server said.
    this.#violations.push(...checkAnswers(atKill.sql, told, "SQL at the kill"));
    this.#times.silence_ms = Math.max(this.#times.silence_ms, silence.firstMs);
    this.#times.silence_all_ms = Math.max(this.#times.silence_all_ms, silence.lastMs);
    if (silence.lastMs > SILENCE_MS_MAX) {
      this.#violations.push(`a match was silent for ${silence.lastMs} ms after the kill`);
    }
  }

  #cut(before: StoredHistory): void {
    const { dataFolder } = this.#group;
    const cut = this.#random.chance(MAIN_FILE_SHARE) ? cutMainFile : cutNewestFile;
    const file = cut(dataFolder, this.#random);
    this.#cutFiles.push(file);
    this.#beforeCuts.push(before.ledger);
    this.#counts.cuts += 1;
    // A store whose main file was cut cannot be read any more, by anybody.
    if (!file.endsWith("-wal")) return;
    const after = readStoredHistory(dataFolder);
    this.#counts.cut_entries += entriesOf(before) - entriesOf(after);
  }

  /** What the server says that it did about its stores. */
  #readLog(): void {
    const lines = this.#server.log().split("\n");
    this.#counts.rebuilt += lines.filter((line) => line.includes("copy.rebuilt")).length;
    this.#counts.set_aside += lines.filter((line) => line.includes("damaged store")).length;
  }

  async #findings(fan: Subscriber): Promise<RunReport> {
    const newcomer = this.#subscribe("newcomer");
    await until("a newcomer is subscribed", () => newcomer.isSubscribed);
    // Where the fan never gets there, the checker says what it sees instead.
    await until("the fan is there too", () => fan.isLevelWith(newcomer), 3_000).catch(() => {});
    const listed = await this.#listedMatches();
    const desk = new AdminDesk(this.#server.adminAddress, this.#group.dataFolder);
    const supervisors = await desk.supervisors();
    for (const client of this.#clients) client.close();
    const { code } = await this.#group.stop(this.#server);
    this.#readLog();

    const { posted } = this.#source;
    const { violations, takenBack, ...counted } = checkHistory({
      stored: readStoredHistory(this.#group.dataFolder),
      posted,
      clients: [fan],
      newcomer,
      supervisors,
      beforeDamage: this.#beforeCuts,
    });
    const unlisted = this.#all().filter(({ id }) => !listed.includes(id));
    const answered = (answer: string) => posted.filter((one) => one.answer === answer).length;
    return {
      violations: [
        ...this.#violations,
        ...violations,
        ...unlisted.map(({ id }) => `${id} is not in the list of matches`),
        ...(code === 0 ? [] : [`the last server ended with code ${code} on SIGTERM`]),
      ],
      times: this.#times,
      counts: {
        ...this.#counts,
        ...counted,
        taken_back: takenBack,
        accepted: answered("accepted"),
        refused: answered("refused"),
        unanswered: answered("unknown"),
      },
      notes: { cut_files: this.#cutFiles },
    };
  }

  async #listedMatches(): Promise<string[]> {
    const reply = await fetch(`${this.#server.address}/api/matches`);
    const { matches } = await reply.json();
    return matches.map(({ id }: { id: string }) => id);
  }
}

function entriesOf({ ledger, sql }: StoredHistory): number {
  return [...ledger.values(), ...sql.values()].reduce((sum, { length }) => sum + length, 0);
}
