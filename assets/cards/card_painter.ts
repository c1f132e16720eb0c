/**
 * The process that paints, as the server sees it: a card in, two images out.
 *
 * One card at a time, within a time and a memory; past either the process is
 * killed, the card it was at comes back as a failure, and its supervisor starts
 * another. It may read flags and nothing else.
 */
import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve as fromRoot } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../runtime/clock.ts";
import { assert, Failure } from "../../runtime/failure.ts";
import { limits } from "../../runtime/limits.ts";
import { imageCommand, imageEnvironment } from "../image_command.ts";
import type { CardAnswer, MissingFont } from "./card_job.ts";
import type { Shape } from "./card_layout.ts";
import type { CardView } from "./card_view.ts";
import { fontsConfig } from "./fonts_config.ts";

export type PaintedCard = Record<Shape, Uint8Array>;

export interface Painter {
  /** @throws {Failure} `cardPainter`, retryable where the process died. */
  paint(card: CardView): Promise<PaintedCard>;
}

export interface PainterEnd {
  /** False: it may not be run here, so another one would not run either. */
  wasRun: boolean;
  reason: string;
}

export interface CardPainterOptions {
  /** Ours to write to: what fontconfig reads and notes. */
  folder: string;
  clock: Clock;
}

const ENTRY = fileURLToPath(new URL("./card_process.ts", import.meta.url));
const FLAGS = join(
  dirname(createRequire(import.meta.url).resolve("flag-icons/package.json")),
  "flags/4x3",
);
/** All that libvips may have; two images at once took seven. */
const PAINTING_THREADS = 16;

export class CardPainter implements Painter {
  /** What fonts are missing; rejects where it ends before it is ready. */
  readonly ready: Promise<MissingFont[]>;
  /** Resolves once nothing of it is left. */
  readonly ended: Promise<PainterEnd>;
  readonly #clock: Clock;
  readonly #child: ChildProcess;
  #job: PromiseWithResolvers<PaintedCard> | null = null;
  #killedFor = "";
  /** How it ended. */
  #over: string | null = null;
  #said = "";

  constructor({ folder, clock }: CardPainterOptions) {
    this.#clock = clock;
    // A path that does not begin at the root fontconfig seeks among the system's own, in vain.
    const fonts = fromRoot(folder, "fonts");
    mkdirSync(fonts, { recursive: true });
    const config = join(fonts, "fonts.conf");
    writeFileSync(config, fontsConfig(join(fonts, "cache")));
    this.#child = spawn(process.execPath, [...imageCommand(ENTRY, FLAGS), FLAGS], {
      stdio: ["pipe", "pipe", "pipe"],
      env: imageEnvironment({ FONTCONFIG_FILE: config, VIPS_MAX_THREADS: `${PAINTING_THREADS}` }),
    });
    const { promise, resolve, reject } = Promise.withResolvers<MissingFont[]>();
    this.ready = promise;
    this.ready.catch(() => {});
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      const answer = JSON.parse(line) as CardAnswer;
      if (answer.kind === "ready") resolve(answer.missing);
      else this.#hear(answer);
    });
    this.#child.stderr!.on("data", (bytes) => (this.#said = `${this.#said}${bytes}`.slice(-500)));
    // Its end is what counts; a card that it no longer reads is lost with it.
    this.#child.stdin!.on("error", () => {});
    this.ended = new Promise((over) => {
      const end = (how: string, wasRun: boolean) => {
        const why = `${this.#killedFor || how} ${this.#said.trim()}`.trim();
        this.#over ??= why;
        this.#job?.reject(died(why));
        reject(died(why));
        over({ wasRun, reason: why });
      };
      this.#child.once("error", (error) => end(error.message, false));
      this.#child.once("close", (code, signal) => end(signal ?? `exit code ${code}`, true));
    });
  }

  /** For tests that end it. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  async paint(card: CardView): Promise<PaintedCard> {
    assert(this.#job === null, "a painter has one card at a time");
    if (this.#over !== null) throw died(this.#over);
    const job = Promise.withResolvers<PaintedCard>();
    this.#job = job;
    const slow = this.#clock.after(limits.cardPaintMsMax, () => {
      this.#kill(`no answer within ${limits.cardPaintMsMax} ms`);
    });
    this.#child.stdin!.write(`${JSON.stringify(card)}\n`);
    try {
      return await job.promise;
    } finally {
      slow.cancel();
      this.#job = null;
    }
  }

  async stop(): Promise<void> {
    this.#kill("it was told to end");
    await this.ended;
  }

  #hear(answer: Exclude<CardAnswer, { kind: "ready" }>): void {
    if (answer.kind === "refused") {
      this.#job?.reject(new Failure("cardPainter", `Cannot paint a card: ${answer.reason}`));
      return;
    }
    const { wide, square } = answer.images;
    this.#job?.resolve({
      wide: Buffer.from(wide, "base64"),
      square: Buffer.from(square, "base64"),
    });
    if (answer.bytesHeld > limits.cardPainterBytesMax) {
      this.#kill(`it held ${answer.bytesHeld} bytes`);
    }
  }

  #kill(why: string): void {
    this.#killedFor = why;
    this.#child.kill("SIGKILL");
  }
}

function died(why: string): Failure {
  const reason = `Cannot paint a card: the process that paints ended: ${why}`;
  return new Failure("cardPainter", reason, { retryable: true });
}
