/**
 * `deno task bench moderation`: how well the text pipeline tells abuse from
 * football, and what a message costs.
 *
 * A line counts as stopped when its verdict is not `allow` or it is refused.
 * Three frozen sets in seven languages, all of November 2026: `tuning` and
 * `first` are by the author of the lists (2026.11.1), who wrote them before the
 * lists; `blind` is by another, who never saw the lists, and the lists' authors
 * (2026.11.4 too) never opened it. Only `blind` has floors: precision 0.9, recall
 * 0.8; over 5,000 clean lines with names at most 0.5 % may be stopped. Below a
 * floor the figures are printed and the bench fails.
 * `--corpus FILE` scores a stranger's JSON lines instead; `--misses` shows on
 * stderr what was wrong, of the tuning set and a stranger's, never of the others.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { quietSender } from "../actors/moderation/flood_rules.ts";
import { TextPipeline } from "../actors/moderation/text_pipeline.ts";
import { assert, Failure } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { figureOf, printFigure } from "./figure.ts";
import { cleanLines } from "./moderation/clean_lines.ts";
import { corpus, type FrozenSet, frozenSet, type LabelledLine } from "./moderation/labelled_set.ts";
import { type Score, scoreOf } from "./moderation/score.ts";

const BENCH = "moderation";
const FLOORS = { precision: 0.9, recall: 0.8, falsePositives: 0.005 };
const CLEAN_LINES_MIN = 5_000;

/** Options: `--corpus FILE`, `--misses`, `--runs N` (of the cost). */
export function moderation(words: string[]): Promise<void> {
  const { values } = parseArgs({
    args: words,
    options: {
      corpus: { type: "string" },
      misses: { type: "boolean", default: false },
      runs: { type: "string" },
    },
  });
  const pipeline = new TextPipeline();
  const isStopped = ({ text, lang }: LabelledLine) => {
    const judged = pipeline.moderate({ text, language: lang, at: 0, mentions: 0 }, quietSender);
    return judged.kind === "refused" || judged.verdict.outcome !== "allow";
  };
  const runs = Number(values.runs ?? 5);
  assert(runs >= 1, "there is at least one run");
  printError(`word lists ${pipeline.listVersion}`);
  if (values.corpus !== undefined) {
    const lines = corpus(values.corpus);
    assert(lines.length > 0, "the corpus has lines");
    const score = report("corpus", lines, isStopped, values.misses);
    printFigure(
      figureOf(BENCH, "false_positive_rate", "ratio", [score.falsePositiveRate]),
    );
    cost(pipeline, lines, runs);
    return Promise.resolve();
  }
  const tuning = frozenSet("tuning");
  report("tuning", tuning, isStopped, values.misses);
  report("first", frozenSet("first"), isStopped, false);
  const blind = report("blind", frozenSet("blind"), isStopped, false);
  const clean = cleanLines();
  assert(clean.lines.length >= CLEAN_LINES_MIN, "there are clean lines enough");
  printError(`${clean.names} names, ${clean.fromMatches} of them from real matches`);
  const names = scoreOf(clean.lines, isStopped);
  showMisses(names, values.misses);
  printFigure(figureOf(BENCH, "clean_lines", "lines", [clean.lines.length]));
  printFigure(figureOf(BENCH, "false_positive_rate", "ratio", [names.falsePositiveRate]));
  cost(pipeline, tuning, runs);
  requireFloors(blind, names);
  return Promise.resolve();
}

function report(
  set: FrozenSet | "corpus",
  lines: LabelledLine[],
  isStopped: (line: LabelledLine) => boolean,
  showsMisses: boolean,
): Score {
  const score = scoreOf(lines, isStopped);
  // The fixed names are those of the set that the lists have not seen.
  const suffix = set === "tuning" || set === "first" ? `_${set}` : "";
  printFigure(figureOf(BENCH, `lines_${set}`, "lines", [lines.length]));
  for (
    const [group, { precision, recall }] of [["", score] as const, ...byLanguage(lines, isStopped)]
  ) {
    printFigure(figureOf(BENCH, `precision${suffix}${group}`, "ratio", [precision]));
    printFigure(figureOf(BENCH, `recall${suffix}${group}`, "ratio", [recall]));
  }
  showMisses(score, showsMisses);
  return score;
}

function byLanguage(lines: LabelledLine[], isStopped: (line: LabelledLine) => boolean) {
  const languages = [...new Set(lines.map(({ lang }) => lang))].sort();
  return languages.map((language) =>
    [`_${language}`, scoreOf(lines.filter(({ lang }) => lang === language), isStopped)] as const
  );
}

function showMisses({ wronglyStopped, missed }: Score, isWanted: boolean): void {
  if (!isWanted) return;
  for (const { lang, kind, text } of wronglyStopped) printError(`stopped ${lang} ${kind}: ${text}`);
  for (const { lang, kind, text } of missed) printError(`missed ${lang} ${kind}: ${text}`);
}

/** Processor time of this process a message; the first round warms up and is not counted. */
function cost(pipeline: TextPipeline, lines: LabelledLine[], runs: number): void {
  const rounds = Math.ceil(20_000 / lines.length);
  const values: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) {
      for (const { text, lang } of lines) {
        pipeline.moderate({ text, language: lang, at: 0, mentions: 0 }, quietSender);
      }
    }
    const { user, system } = process.cpuUsage(before);
    if (run > 0) values.push((user + system) / (rounds * lines.length));
  }
  printFigure(figureOf(BENCH, "per_message_us", "us", values));
}

/** @throws {Failure} `belowFloor` */
function requireFloors(blind: Score, names: Score): void {
  const below = [
    blind.precision < FLOORS.precision && `precision ${blind.precision} < ${FLOORS.precision}`,
    blind.recall < FLOORS.recall && `recall ${blind.recall} < ${FLOORS.recall}`,
    names.falsePositiveRate > FLOORS.falsePositives &&
    `false positives ${names.falsePositiveRate} > ${FLOORS.falsePositives}`,
  ].filter((text) => text !== false);
  if (below.length > 0) throw new Failure("belowFloor", `below the floor: ${below.join(", ")}`);
}
