/**
 * Ten mistakes that somebody could make in the rules, as changes of their text.
 *
 * Each must turn a test red (mutants.process.test.ts): what no test notices is
 * not checked. `find` occurs exactly once in its file, so a rule that is written
 * anew takes its mutant along.
 */

export interface Mutant {
  name: string;
  /** From the project's root. */
  file: string;
  find: string;
  replace: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: "an own goal counts for the player's own side",
    file: "actors/match/score_fold.ts",
    find: "fold.played[fact.side] += 1;",
    replace:
      `fold.played[(fact.method === "ownGoal") === (fact.side === "home") ? "away" : "home"] += 1;`,
  },
  {
    name: "goals of extra time count as regular ones",
    file: "actors/match/score_fold.ts",
    find: "isExtraTime(fact) ? fold.extraTime : fold.regular",
    replace: "fold.regular",
  },
  {
    name: "an annulled goal still counts",
    file: "actors/match/corrections.ts",
    find: `fail(facts, annulment.fact.target, "goal.scored", annulment);`,
    replace: "",
  },
  {
    name: "the revision that came last counts",
    file: "actors/match/corrections.ts",
    find: "fact.revision > before.fact.revision",
    replace: "fact.revision !== before.fact.revision",
  },
  {
    name: "a void that comes before its target is refused",
    file: "actors/match/match_decision.ts",
    find: "if (target === undefined) return null;",
    replace: `if (target === undefined) return rejected("wrongTarget", "nobody knows the target");`,
  },
  {
    name: "a league draw goes on to extra time",
    file: "actors/fixture/competition_rules.ts",
    find: `if (format.kind === "league" || !isLevel(format, score)) return "finished";`,
    replace: `if (!isLevel(format, score)) return "finished";
      if (format.kind === "league") return "extraTime";`,
  },
  {
    name: "sudden death is decided in the middle of a pair",
    file: "actors/match/shootout_rules.ts",
    find: "Math.max(KICKS_EACH, taken.home, taken.away)",
    replace: "Math.max(KICKS_EACH, Math.min(taken.home, taken.away))",
  },
  {
    name: "a kick does not wait for a missing one",
    file: "actors/match/shootout_rules.ts",
    find: "kick.number > count.next && kick.number > releasedTo",
    replace: "kick.number > Infinity",
  },
  {
    name: "a retaken kick counts all the same",
    file: "actors/match/corrections.ts",
    find: `fail(facts, retaken.fact.target, "shootout.kicked", retaken);`,
    replace: "",
  },
  {
    name: "a suspended match forgets where it was",
    file: "actors/match/match_machine.ts",
    find: `"match.resumed": anew,`,
    replace: `"match.resumed": noted,`,
  },
];
