import { expect, test } from "vitest";
import { isAbout, isGlobal } from "../../actors/moderation/moderation_action.ts";
import { MODERATION_KINDS } from "../../actors/moderation/permission_rules.ts";
import { ACTION_KEYS, messageAction, OTHER_KEYS, roomAction } from "./action_keys.ts";
import { caseActions } from "./case_view.ts";
import { actionsFor, roomActions } from "./room_view.ts";

const ITEMS = ["held", "reported", "live", "rejected"] as const;
const item = (kind: (typeof ITEMS)[number]) => ({
  ...{ kind, id: "m1", user: "ana", text: "", at: 0, note: "", urgency: 0 },
});

/** Everything that some view offers. */
function offered() {
  return [
    ...["open", "slow", "reactionsOnly", "locked"].flatMap((state) => roomActions(state)),
    ...ITEMS.flatMap((kind) => [true, false].flatMap((pin) => actionsFor(item(kind), pin))),
    ...caseActions(true),
  ];
}

test("all that the server lets moderators do has its key, but for what undo alone does", () => {
  const known = new Set(offered().map(({ action }) => action));
  expect(MODERATION_KINDS.filter((kind) => !known.has(kind))).toEqual(["unwarn"]);
  for (const { action, about, isEverywhere } of offered()) {
    const kind = MODERATION_KINDS.find((one) => one === action)!;
    expect(isAbout(kind), action).toBe(about);
    if (isGlobal(kind)) expect(isEverywhere, action).toBe(true);
  }
});

test("no key means two things in one view", () => {
  const views = [
    ...ITEMS.map((kind) => [...actionsFor(item(kind), false), ...roomActions("open")]),
    caseActions(true),
  ];
  for (const view of views) {
    const keys = [...view, ...OTHER_KEYS].map(({ key }) => key);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  }
});

test("what cannot be taken back and reaches far is asked once more", () => {
  const asked = ACTION_KEYS.filter(({ asks }) => asks !== undefined).map(({ key }) => key);
  expect(asked).toEqual(["X", "B", "P", "Z"]);
});

test("the same key goes back", () => {
  const of = (key: string) => ACTION_KEYS.find((one) => one.key === key)!;
  expect(roomAction(of("s"), "slow")).toMatchObject({ action: "slow", seconds: 0 });
  expect(roomAction(of("i"), "reactionsOnly")).toMatchObject({ action: "unrestrict" });
  expect(roomAction(of("l"), "archived")).toBeNull();
  expect(messageAction(of("p"), true)).toMatchObject({ action: "unpin" });
  expect(messageAction(of("d"), true)).toMatchObject({ action: "delete" });
});
