/**
 * The shootout as two rows of dots, a column a round.
 *
 * Five columns while five can still be needed; sudden death adds one at a time.
 * A kick is told by its sign as well as by its colour.
 */
import type { Kick, Shootout, Side, Team } from "../../protocol/golazo_codec.ts";
import type { MatchPicture } from "../sdk/mod.ts";
import { icon } from "./drawings.ts";
import { element } from "./dom.ts";
import { teamMark } from "./team_mark.ts";

const ROUNDS = 5;

export function shootoutView(picture: MatchPicture): HTMLElement | null {
  const { shootout, phase } = picture.state;
  if (!shootout) return null;
  const isRunning = phase === "shootout";
  const rounds = isRunning ? roundsInSight(shootout) : 0;
  const home = shootout.kicks.filter(({ side }) => side === "home");
  const away = shootout.kicks.filter(({ side }) => side === "away");
  const next = isRunning ? nextSide(shootout, home.length, away.length) : null;
  return element(
    "section",
    { class: "panel shootout", "data-testid": "shootout", key: "shootout" },
    element("h3", {}, home.length + away.length > 2 * ROUNDS ? "Sudden death" : "Shootout"),
    rowOf(picture.home, "home", home, shootout.home, rounds, next),
    rowOf(picture.away, "away", away, shootout.away, rounds, next),
    lastKick(picture, shootout.kicks.at(-1)),
  );
}

/** Rounds that can be needed as things stand: five, then one more while it is level. */
export function roundsInSight({ kicks, home, away }: Shootout): number {
  const begun = Math.ceil(kicks.length / 2);
  const isLevel = kicks.length % 2 === 0 && home === away;
  return Math.max(ROUNDS, isLevel ? begun + 1 : begun);
}

function nextSide({ first }: Shootout, home: number, away: number): Side {
  if (home === away) return first === "unknownSide" ? "home" : first;
  return home < away ? "home" : "away";
}

function rowOf(
  team: Team,
  side: Side,
  kicks: readonly Kick[],
  score: number,
  rounds: number,
  next: Side | null,
): HTMLElement {
  const dots: HTMLElement[] = [];
  // Once it is decided, a kick that was not needed is not shown as still to come.
  for (let round = 0; round < Math.max(rounds, kicks.length); round++) {
    dots.push(dotOf(side, round, kicks[round], next === side && round === kicks.length));
  }
  return element(
    "div",
    { class: "kick-row" },
    teamMark(team),
    element("span", { class: "kick-team" }, team.code || team.name),
    element("ol", { class: "kick-dots", "aria-label": `${team.name}'s kicks` }, ...dots),
    element("b", { class: "kick-score" }, score),
  );
}

function dotOf(side: Side, round: number, kick: Kick | undefined, isNext: boolean): HTMLElement {
  const result = !kick ? "pending" : kick.scored ? "scored" : "missed";
  return element(
    "li",
    {
      class: isNext ? "kick-dot is-next" : "kick-dot",
      key: `${side}-${round}-${result}`,
      "data-testid": "kick-dot",
      "data-result": result,
      "data-side": side,
    },
    kick && icon(kick.scored ? "tick" : "cross"),
    element("span", { class: "unseen" }, [kick?.player, result].filter(Boolean).join(" ")),
  );
}

function lastKick(picture: MatchPicture, kick: Kick | undefined): HTMLElement | null {
  if (!kick?.player) return null;
  const team = kick.side === "home" ? picture.home : picture.away;
  return element(
    "p",
    { class: "kick-last" },
    element("b", {}, kick.player),
    ` (${team.code || team.name}) ${kick.scored ? "scored" : "missed"}`,
  );
}
