/**
 * The moderators' console: which view is shown, what a key does, and when it is
 * drawn again.
 *
 * Everything can be done by keyboard alone, and everything by thumb alone: each
 * button says its key, each key is a button. Focus stays at the message where
 * the moderator is, so what is read aloud is what is acted on.
 */
import { element, morph } from "../web/dom.ts";
import { ACTION_KEYS, type ActionKey, roomAction } from "./action_keys.ts";
import { refusalText } from "./acts.ts";
import { auditView, caseView } from "./case_view.ts";
import { frameView, signInView } from "./frame_view.ts";
import type { AuditPage, Findings, RoomPulse, UserCase } from "./mod_api.ts";
import { RoomDesk } from "./room_desk.ts";
import { roomListView } from "./room_list_view.ts";
import { actionsFor, roomView } from "./room_view.ts";
import { confirmView, keysView, searchView } from "./search_view.ts";
import { forgetToken, isSignedOut, keptToken, openSession, type Session } from "./session.ts";

const ROOMS_EVERY_MS = 2_000;

const page = document.getElementById("console")!;
const announcer = document.getElementById("announcer")!;
const asking = document.getElementById("ask") as HTMLDialogElement;

let session: Session | null = null;
let rooms: RoomPulse[] | null = null;
let desk: RoomDesk | null = null;
let place = { kind: "rooms", id: "" };
let found: { key: string; value: UserCase | AuditPage | Findings | null } = {
  key: "",
  value: null,
};
let refusal = "";
let trouble = "";
let done = "";
let isDrawDue = false;
let confirmed: () => void = () => {};

function drawSoon(): void {
  if (isDrawDue) return;
  isDrawDue = true;
  queueMicrotask(() => {
    isDrawDue = false;
    draw();
  });
}

function draw(): void {
  const main = page.querySelector("main")!;
  const frame = page.querySelector(".frame")!;
  if (!session) {
    morph(frame, []);
    return morph(main, [signInView(refusal)]);
  }
  const isLive = session.client.state.status === "live";
  const mayUndo = session.acts.done.some((one) => one.mayUndo);
  morph(frame, frameView({ user: session.user, isLive, trouble, done, mayUndo }));
  const isHere = document.activeElement?.closest("[data-item]") !== null;
  main.className = `at-${place.kind}`;
  morph(main, [roomListView(rooms, desk?.id ?? (place.kind === "rooms" ? "" : " ")), ...views()]);
  // The message where the moderator was is gone: on to the next.
  if (isHere && document.activeElement === document.body) focusItem();
}

function views(): HTMLElement[] {
  const { kind, id } = place;
  const known = found.key === `${kind} ${id}` ? found.value : null;
  switch (kind) {
    case "room":
      return desk ? [roomView(desk, rooms?.find((room) => room.id === id))] : [];
    case "user":
      return [caseView(known as UserCase | null, id)];
    case "audit":
      return [auditView(known as AuditPage | null, id)];
    case "search":
      return [searchView(known as Findings | null, id)];
    default:
      return [];
  }
}

/** Shown, and read aloud. */
function say(sentence: string): void {
  done = announcer.textContent = sentence;
  void desk?.refresh();
  void load();
  drawSoon();
}

function heard(thrown: unknown): void {
  if (isSignedOut(thrown)) return signOut("The token has run out: needed another one");
  trouble = thrown === null ? "" : refusalText("Not up to date", thrown);
  drawSoon();
}

async function signIn(token: string): Promise<void> {
  try {
    const opened = await openSession(token.trim(), say);
    ({ session, rooms } = opened);
    refusal = "";
    session.client.onState(drawSoon);
    showPlace();
    session.platform.after(ROOMS_EVERY_MS, () => void lookAtRooms());
  } catch (thrown) {
    forgetToken();
    refusal = thrown instanceof Error ? thrown.message : String(thrown);
  }
  drawSoon();
}

function signOut(why = ""): void {
  desk?.leave();
  session?.client.close();
  session = rooms = desk = null;
  refusal = why;
  done = trouble = "";
  forgetToken();
  drawSoon();
}

async function lookAtRooms(): Promise<void> {
  const asked = session;
  if (!asked) return;
  let failure: unknown = null;
  if (document.visibilityState === "visible") {
    rooms = await asked.api.rooms().catch((thrown) => {
      failure = thrown;
      return rooms;
    });
  }
  if (session !== asked) return;
  heard(failure);
  asked.platform.after(ROOMS_EVERY_MS, () => void lookAtRooms());
}

function showPlace(): void {
  if (!session) return;
  const [, kind = "rooms", id = ""] = /^#\/(\w+)\/(.+)$/.exec(location.hash) ?? [];
  place = { kind, id: decodeURIComponent(id) };
  if (desk?.id !== place.id || kind !== "room") {
    desk?.leave();
    desk = null;
  }
  if (kind === "room" && !desk) desk = new RoomDesk(place.id, session, heard);
  void load();
  draw();
  page.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

/** What a place shows besides rooms. */
async function load(): Promise<void> {
  const { kind, id } = place;
  const api = session?.api;
  if (!api || kind === "rooms" || kind === "room") return;
  const ask = kind === "user" ? api.case(id) : kind === "audit" ? api.audit(id) : api.search(id);
  const value = await ask.catch((thrown: unknown) => {
    heard(thrown);
    return null;
  });
  if (value && place.kind === kind && place.id === id) found = { key: `${kind} ${id}`, value };
  drawSoon();
}

/** What the key or button means here; false: nothing. */
function press(key: string): boolean {
  const state = desk?.store.picture.state?.mode ?? "";
  const action = ACTION_KEYS.find((known) => known.key === key);
  if (!action || !desk) return false;
  if (action.about === "room") {
    void act(roomAction(action, state), "", "the room");
    return true;
  }
  const { item } = desk;
  if (!item || !actionsFor(item).some((known) => known.key === key)) return false;
  const isAboutUser = action.about === "user";
  void act(action, isAboutUser ? item.user : item.id, item.user);
  return true;
}

async function act(action: ActionKey, target: string, name: string, confirm = false) {
  if (!session) return;
  const { asks } = action;
  if (asks !== undefined && !confirm) {
    return ask(action.title, `${action.title}: ${asks}. It is about ${name}.`, () => {
      void act(action, target, name, true);
    });
  }
  const field = document.querySelector<HTMLInputElement>("#reason");
  const room = desk?.id ?? "global";
  const reason = field?.value.trim() ?? "";
  const more = await session.acts.act(action, { room, target, name, reason, confirm });
  if (more !== null) {
    ask(action.title, more, () => void act(action, target, name, true));
  } else if (field) field.value = "";
}

function ask(title: string, what: string, then: () => void): void {
  confirmed = then;
  asking.replaceChildren(...confirmView(title, what));
  asking.showModal();
}

function focusItem(): void {
  page.querySelector<HTMLElement>("[data-item][tabindex='0']")?.focus();
}

function step(by: number): void {
  desk?.step(by);
  draw();
  focusItem();
}

function key(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || asking.open || !session) return;
  if (target.matches("input, textarea, select")) {
    if (event.key === "Escape") focusItem();
    return;
  }
  const others: Record<string, () => void> = {
    j: () => step(1),
    k: () => step(-1),
    u: () => void session?.acts.undo(),
    g: () => location.hash = "#/",
    t: () => location.hash = `#/audit/${encodeURIComponent(desk ? `room ${desk.id}` : "global")}`,
    c: () => desk?.item && (location.hash = `#/user/${encodeURIComponent(desk.item.user)}`),
    "/": () => document.getElementById("search")?.focus(),
    "?": showKeys,
  };
  const other = others[event.key];
  if (other) other();
  else if (!press(event.key)) return;
  event.preventDefault();
}

function showKeys(): void {
  asking.replaceChildren(...keysView());
  asking.showModal();
}

function click(event: Event): void {
  const target = event.target as Element;
  const item = target.closest<HTMLElement>("[data-item]");
  if (item && desk) {
    desk.current = item.dataset["item"]!;
    drawSoon();
  }
  const { dataset } = target.closest<HTMLElement>("button[data-do]") ?? {};
  const { do: what, press: pressed = "", user = "" } = dataset ?? {};
  const everywhere = ACTION_KEYS.find(({ key }) => key === "B")!;
  switch (what) {
    case "act":
      return void press(pressed);
    case "undo":
      return void session?.acts.undo();
    case "undo-row":
      return void session?.acts.undoRow(
        dataset!["owner"]!.replace(/^room /, ""),
        Number(dataset!["number"]),
      );
    case "ban-user":
      return void act(everywhere, user, user);
    case "unban-user": {
      const { asks: _, ...rest } = everywhere;
      return void act({ ...rest, action: "unbanGlobally", done: "Ban ended" }, user, user);
    }
    case "keys":
      return showKeys();
    case "sign-out":
      return signOut();
    case "confirm":
      confirmed();
      return asking.close();
    case "dismiss":
      return asking.close();
  }
}

function submit(event: Event): void {
  event.preventDefault();
  const { form } = (event.target as HTMLElement).dataset;
  const field = (event.target as HTMLFormElement).querySelector("input")!;
  if (form === "sign-in") return void signIn(field.value);
  if (field.value.trim() === "") return;
  location.hash = `#/search/${encodeURIComponent(field.value.trim())}`;
  field.blur();
}

page.replaceChildren(element("div", { class: "frame" }), element("main"));
document.addEventListener("click", click);
document.addEventListener("keydown", key);
document.addEventListener("submit", submit);
asking.addEventListener("close", focusItem);
addEventListener("hashchange", showPlace);
if (keptToken() !== "") void signIn(keptToken());
draw();
