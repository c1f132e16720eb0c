/** Whatever order, however often, over whichever partition ops come: one state. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../moderation/canonical_json.ts";
import type { ChatOp } from "./chat_op.ts";
import { NO_STAMP, type Stamp, tick } from "./hybrid_clock.ts";
import { apply, canonicalBytes, EMPTY_OP_SET, type OpSet, slotOf } from "./op_set.ts";

const USERS = ["ana", "bo", "constructor", "__proto__"];
const NOON = Date.UTC(2026, 5, 11, 12);
/** So few that every run drops some. */
const SLOTS_MAX = 4;

/** What each of three nodes does next, and by how much its clock is wrong. */
interface Step {
  node: number;
  kind: ChatOp["kind"];
  user: number;
  /** Which of the messages so far. */
  which: number;
  passedMs: number;
  /** Whether the node has heard of what it speaks of and of everything before. */
  hears: boolean;
}

const kinds: fc.Arbitrary<ChatOp["kind"]> = fc.constantFrom<ChatOp["kind"][]>(
  ...["post", "post", "post", "post", "edit", "delete", "purgeUser"] as const,
  ...["react", "react", "pin", "unpin", "hold", "release", "collect"] as const,
);
const steps = fc.array(
  fc.record({
    node: fc.nat(2),
    kind: kinds,
    user: fc.nat(USERS.length - 1),
    which: fc.nat(30),
    passedMs: fc.constantFrom(0, 0, 1, 40_000),
    hears: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);
/** Three clocks, up to two minutes apart; equal ones are the likeliest. */
const skews = fc.tuple(
  ...[0, 1, 2].map(() => fc.constantFrom(0, 0, 60_000, -60_000, 1, -1)),
);

/** The ops that three nodes make, each by its own wrong clock. */
function opsOf(list: Step[], skewsMs: number[]): ChatOp[] {
  const last: Stamp[] = [NO_STAMP, NO_STAMP, NO_STAMP];
  const posts: Extract<ChatOp, { kind: "post" }>[] = [];
  const ops: ChatOp[] = [];
  let now = NOON;
  for (const { node, kind, user, which, passedMs, hears } of list) {
    now += passedMs;
    const post = posts.length === 0 ? undefined : posts[which % posts.length]!;
    if (kind !== "post" && post === undefined) continue;
    if (hears) {
      last[node] = ops.reduce((high, { stamp }) => high > stamp ? high : stamp, last[node]!);
    }
    // Who speaks of a message has heard of it.
    if (post !== undefined && kind !== "post" && last[node]! < post.stamp) last[node] = post.stamp;
    const stamp = last[node] = tick(last[node]!, now + skewsMs[node]!, `n${node}`);
    const made = { stamp, by: USERS[user]! };
    const op = opOf(kind, made, post, which);
    ops.push(op);
    if (op.kind === "post") posts.push(op);
  }
  return ops;
}

function opOf(
  kind: ChatOp["kind"],
  made: { stamp: Stamp; by: string },
  post: Extract<ChatOp, { kind: "post" }> | undefined,
  which: number,
): ChatOp {
  const body = { key: `body-${made.stamp}`, digest: "d" };
  const [target, author] = [post?.stamp ?? "", post?.by ?? ""];
  switch (kind) {
    case "post":
      return { kind, ...made, body, replyTo: null, mentions: [], badge: null };
    case "edit":
      return { kind, ...made, by: author, target, body, mentions: [] };
    case "purgeUser":
      return { kind, ...made, user: author, upTo: target };
    case "react":
      return { kind, ...made, target, reaction: [null, "goal", "clap"][which % 3]! };
    case "pin":
    case "unpin":
      return { kind, ...made, target, author };
    case "collect":
      return { kind, ...made, upTo: target };
    default:
      return { kind, ...made, target };
  }
}

function fold(ops: ChatOp[], set: OpSet = EMPTY_OP_SET): OpSet {
  return ops.reduce((now, op) => apply(now, op, SLOTS_MAX).set, set);
}

/** Any order of the ops, some of them twice: by what each is worth. */
function shuffled(ops: ChatOp[], worths: number[]): ChatOp[] {
  return ops
    .flatMap((op, at) => {
      const worth = worths[at % worths.length]! * 7919 % 1009 + at * (worths[0]! % 2);
      return worth % 3 === 0 ? [{ op, worth }, { op, worth: worth * 31 % 997 }] : [{ op, worth }];
    })
    .sort((a, b) => a.worth - b.worth)
    .map(({ op }) => op);
}

const worths = fc.array(fc.nat(1_000), { minLength: 31, maxLength: 31 });
const text = (set: OpSet) => new TextDecoder().decode(canonicalBytes(set));

describe("the op set", () => {
  test("is the same for every order and with doubles, clocks a minute off, some lost to all", () => {
    fc.assert(
      fc.property(steps, skews, worths, worths, fc.nat(6), (list, skewsMs, a, b, lost) => {
        const ops = opsOf(list, skewsMs).filter((_op, at) => lost === 0 || at % 7 !== lost);
        expect(text(fold(shuffled(ops, a)))).toBe(text(fold(ops)));
        expect(text(fold(shuffled(ops, b)))).toBe(text(fold(ops)));
      }),
      { numRuns: 1_500 },
    );
  });

  test("is the same after a partition, whichever side heard what first", () => {
    fc.assert(
      fc.property(
        steps,
        skews,
        fc.array(fc.boolean(), { minLength: 31 }),
        (list, skewsMs, side) => {
          const ops = opsOf(list, skewsMs);
          const left = ops.filter((_op, at) => side[at % side.length]);
          const right = ops.filter((_op, at) => !side[at % side.length]);
          // Each side hears the other's from the beginning, its own among them.
          expect(text(fold(ops, fold(left)))).toBe(text(fold(right.concat(left), fold(right))));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("says which bodies nothing shows any more: all but those shown and those that left", () => {
    fc.assert(
      fc.property(steps, skews, worths, (list, skewsMs, order) => {
        const ops = opsOf(list, skewsMs);
        const dropped = new Set<string>();
        let set = EMPTY_OP_SET;
        for (const op of shuffled(ops, order)) {
          const applied = apply(set, op, 1_000);
          set = applied.set;
          for (const key of applied.dropped) dropped.add(key);
        }
        for (const slot of set.slots) {
          if ("gone" in slot || slot.body === null) continue;
          expect(dropped.has(slot.body.value.key)).toBe(false);
        }
        const gone = set.slots.filter((slot) => "gone" in slot).map(({ id }) => id);
        for (const op of ops) {
          if (!("body" in op)) continue;
          const target = op.kind === "post" ? op.stamp : op.target;
          if (gone.includes(target)) expect(dropped).toContain(op.body.key);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("holds nothing of a purged user's messages but that there were some", () => {
    fc.assert(
      fc.property(steps, skews, worths, (list, skewsMs, order) => {
        const ops = opsOf(list, skewsMs);
        const upTo = ops.map(({ stamp }) => stamp).toSorted().at(-1) ?? tick(NO_STAMP, NOON, "n0");
        const purge: ChatOp = {
          kind: "purgeUser",
          stamp: tick(upTo, NOON, "n9"),
          by: "mod",
          user: "ana",
          upTo,
        };
        const set = fold(shuffled([...ops, purge], order));
        const bodies = ops.filter((op) => op.by === "ana" && "body" in op);
        for (const op of bodies) expect(canonicalJson(set)).not.toContain(`body-${op.stamp}`);
        for (const slot of set.slots) {
          if (!("gone" in slot)) expect(Object.keys(slot.reactions)).not.toContain("ana");
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a message", () => {
  const at = (ms: number, node = "n1") => tick(NO_STAMP, NOON + ms, node);
  const post = (ms: number, by = "ana"): ChatOp => ({
    ...{ kind: "post", stamp: at(ms), by, body: { key: `k${ms}`, digest: "d" } },
    ...{ replyTo: null, mentions: [], badge: null },
  });
  const edit = (ms: number, of: number, node = "n1"): ChatOp => ({
    ...{ kind: "edit", stamp: at(ms, node), by: "ana", target: at(of) },
    ...{ body: { key: `k${ms}${node}`, digest: "d" }, mentions: [] },
  });
  const bodyOf = (set: OpSet, ms: number) => {
    const slot = slotOf(set, at(ms));
    return slot === undefined || "gone" in slot ? undefined : slot.body?.value.key;
  };

  test("has the body of its last edit, of equal clocks the higher node's", () => {
    const set = fold([edit(9, 1, "n1"), edit(9, 1, "n2"), post(1), edit(5, 1)]);
    expect(bodyOf(set, 1)).toBe("k9n2");
  });

  test("that was deleted before it came is never shown", () => {
    const gone: ChatOp = { kind: "delete", stamp: at(5), by: "ana", target: at(1) };
    expect(slotOf(fold([gone, post(1), edit(9, 1)]), at(1))).toEqual({ id: at(1), gone: true });
  });

  test("counts one reaction a user, the last one", () => {
    const react = (ms: number, by: string, reaction: string | null): ChatOp => (
      { kind: "react", stamp: at(ms), by, target: at(1), reaction }
    );
    const set = fold([
      react(4, "bo", "goal"),
      post(1),
      react(3, "bo", "clap"),
      react(5, "chi", null),
    ]);
    const slot = slotOf(set, at(1))!;
    expect("gone" in slot ? null : slot.reactions).toEqual({
      bo: { stamp: at(4), value: "goal" },
      chi: { stamp: at(5), value: null },
    });
  });

  test("older than what is kept opens no slot, and a word of it from before itself neither", () => {
    const full = fold([1, 2, 3, 4, 5].map((ms) => post(ms)));
    expect(full.slots.map(({ id }) => id)).toEqual([2, 3, 4, 5].map((ms) => at(ms)));
    expect(apply(full, edit(9, 1), SLOTS_MAX).set).toEqual(full);
    expect(apply(full, edit(2, 3), SLOTS_MAX)).toEqual({ set: full, dropped: ["k2n1"] });
  });

  test("of which only an edit came is its author's, so a purge finds it", () => {
    const purge: ChatOp = { kind: "purgeUser", stamp: at(9), by: "mo", user: "ana", upTo: at(5) };
    const set = fold([edit(3, 1), purge]);
    expect(slotOf(set, at(1))).toEqual({ id: at(1), gone: true });
    expect(fold([purge, edit(3, 1)])).toEqual(set);
  });

  test("older than the horizon leaves no tombstone", () => {
    const collect: ChatOp = { kind: "collect", stamp: at(9), by: "", upTo: at(3) };
    const gone: ChatOp = { kind: "delete", stamp: at(8), by: "ana", target: at(2) };
    const set = fold([post(2), gone, post(4), collect]);
    expect(set.deleted).toEqual([]);
    expect(fold([collect, gone, post(2), post(4)])).toEqual(set);
  });
});
