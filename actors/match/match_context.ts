/**
 * What the machine of a match remembers: what was told, and the little that
 * facts alone do not say.
 *
 * Everything shown is derived from this by match_ledger.ts; nothing derived is
 * kept, so there is no second truth to drift. The order of `told` is the
 * ledger's and decides only between facts that are otherwise equal. The context
 * is JSON: null where something is absent, never undefined.
 */
import type { Fact, MatchEntry, ProviderFact } from "./match_event.ts";
import { isOwnerType } from "./parse_fact.ts";
import { isSame } from "./same_value.ts";

/** A fact as it was told once; a higher revision of it is another telling. */
export interface Telling {
  seq: number;
  recordedAt: number;
  /** From a provider that was not the source: kept and compared, never folded. */
  shadowed: boolean;
  fact: ProviderFact;
}

export interface MatchContext {
  matchId: string;
  /** Last entry folded. */
  seq: number;
  /** In the ledger's order. */
  told: Telling[];
  /** The provider whose facts count. */
  source: string | null;
  /** When the source was last heard, milliseconds since 1970. */
  heardAt: number | null;
  feedSilentSince: number | null;
  /** Kicks up to this number count although an earlier one is missing. */
  kicksReleasedTo: number;
  /** The settlement's last word is about the ledger up to here. */
  settledSeq: number | null;
}

export function newContext(matchId: string): MatchContext {
  return {
    matchId,
    seq: 0,
    told: [],
    source: null,
    heardAt: null,
    feedSilentSince: null,
    kicksReleasedTo: 0,
    settledSeq: null,
  };
}

/** The context after one more entry. */
export function fold(context: MatchContext, entry: MatchEntry): MatchContext {
  const { seq, recordedAt, fact } = entry;
  const after = { ...context, seq };
  if (isProviderFact(fact)) {
    const shadowed = entry.shadowed === true;
    after.told = append(context.told, { seq, recordedAt, shadowed, fact });
    if (!shadowed && fact.provider === context.source) after.heardAt = recordedAt;
    return after;
  }
  switch (fact.type) {
    case "period.implied":
      // The fact that implied it stands in the ledger too and is the evidence.
      return after;
    case "source.changed":
      return { ...after, source: fact.source, heardAt: recordedAt };
    case "feed.silenced":
      return { ...after, feedSilentSince: fact.since };
    case "feed.resumed":
    case "feed.heard":
      return { ...after, heardAt: recordedAt, feedSilentSince: null };
    case "kicks.released":
      return { ...after, kicksReleasedTo: Math.max(context.kicksReleasedTo, fact.upTo) };
    case "entry.quarantined":
      return { ...after, told: context.told.filter((telling) => telling.seq !== fact.seq) };
    case "match.settled":
      return { ...after, settledSeq: Math.max(context.settledSeq ?? 0, fact.ledgerSeq) };
  }
}

const tellings = new WeakMap<ProviderFact, Telling>();
/** By its last telling; held weakly, or a match would keep every list that it ever had. */
const lists = new WeakMap<Telling, WeakRef<Telling[]>>();

/**
 * The loop folds every entry twice, to decide and in the live actor. Both get the
 * same list, and with it what was made of that (match_ledger.ts).
 */
function append(told: Telling[], telling: Telling): Telling[] {
  const known = tellings.get(telling.fact);
  const last = known !== undefined && isSame(known, telling) ? known : telling;
  const list = lists.get(last)?.deref();
  if (list?.length === told.length + 1 && told.every((one, index) => one === list[index])) {
    return list;
  }
  const after = [...told, last];
  tellings.set(last.fact, last);
  lists.set(last, new WeakRef(after));
  return after;
}

function isProviderFact(fact: Fact): fact is ProviderFact {
  return !isOwnerType(fact.type);
}
