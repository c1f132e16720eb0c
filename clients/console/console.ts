/**
 * The moderators' console: which view is shown, and when it is drawn again. What
 * is done is in acting.ts, what fingers do in console_hands.ts.
 *
 * Everything can be done by keyboard alone, and everything by thumb alone. Focus
 * stays at the message where the moderator is, so what is read aloud is what is
 * acted on.
 */
import { element, morph } from "../web/dom.ts";
import { Acting } from "./acting.ts";
import { refusalText } from "./acts.ts";
import { AskDialog } from "./ask_dialog.ts";
import { type ConsoleDesk, focusItem, listenToHands } from "./console_hands.ts";
import { frameView, signInView } from "./frame_view.ts";
import type { RoomPulse } from "./mod_api.ts";
import { PagedPlace, type Place } from "./paged_place.ts";
import { placeViews, roomOfCase } from "./place_view.ts";
import { RoomDesk } from "./room_desk.ts";
import { roomListView } from "./room_list_view.ts";
import { forgetToken, isSignedOut, keptToken, openSession, type Session } from "./session.ts";

const ROOMS_EVERY_MS = 2_000;

const page = document.getElementById("console")!;
const announcer = document.getElementById("announcer")!;
const dialog = new AskDialog(document.getElementById("ask") as HTMLDialogElement, focusItem);

let session: Session | null = null;
let rooms: RoomPulse[] | null = null;
let desk: RoomDesk | null = null;
let paged: PagedPlace | null = null;
let place: Place = { kind: "rooms", id: "" };
/** The room that was looked at last: a case is of somebody there. */
let lastRoom = "";
/** Whatever was done may have changed a picture. */
let changes = 0;
/** The place is of somebody whose picture is not to be had. */
let isWithoutPicture = false;
let refusal = "";
let trouble = "";
let done = "";
let isDrawDue = false;

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
  const mayUndo = session.acts.done.at(-1)?.mayUndo ?? false;
  morph(frame, frameView({ user: session.user, isLive, trouble, done, mayUndo }));
  const isHere = document.activeElement?.closest("[data-item]") !== null;
  main.className = `at-${place.kind}`;
  const pictures = isWithoutPicture ? null : changes;
  morph(main, [
    roomListView(rooms, desk?.id ?? (place.kind === "rooms" ? "" : " ")),
    ...placeViews({ place, rooms, desk, paged, lastRoom, pictures }),
  ]);
  // The message where the moderator was is gone: on to the next.
  if (isHere && document.activeElement === document.body) focusItem();
}

/** Shown, and read aloud. */
function say(sentence: string): void {
  done = announcer.textContent = sentence;
  changes += 1;
  isWithoutPicture = false;
  void desk?.refresh();
  void paged?.refresh();
  drawSoon();
}

function heard(thrown: unknown): void {
  if (isSignedOut(thrown)) return signOut("The token has run out: needed another one");
  trouble = thrown === null ? "" : refusalText("Not up to date", thrown);
  drawSoon();
}

async function signIn(token: string): Promise<void> {
  try {
    const opened = await openSession(token, say);
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
  session =
    rooms =
    desk =
    paged =
      null;
  refusal = why;
  done = trouble = lastRoom = "";
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
  isWithoutPicture = false;
  if (desk?.id !== place.id || kind !== "room") {
    desk?.leave();
    desk = null;
  }
  if (kind === "room") {
    desk ??= new RoomDesk(place.id, session, heard);
    lastRoom = place.id;
  }
  const isPaged = kind !== "room" && kind !== "rooms";
  const shown: PagedPlace | null = isPaged
    ? new PagedPlace(place, session.api, (thrown) => shown === paged && heard(thrown))
    : null;
  paged = shown;
  draw();
  page.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

const acting = new Acting({
  get acts() {
    return session?.acts ?? null;
  },
  get desk() {
    return desk;
  },
  get user() {
    return place.kind === "user" ? place.id : "";
  },
  get room() {
    return desk?.id ?? roomOfCase({ rooms, paged, lastRoom })?.id ?? "";
  },
  dialog,
});

const hands: ConsoleDesk = {
  dialog,
  get isSignedIn() {
    return session !== null;
  },
  press: (key) => acting.press(key),
  step(by) {
    desk?.step(by);
    draw();
    focusItem();
  },
  standAt(item) {
    if (desk) desk.current = item;
    drawSoon();
  },
  more: () => void (desk ?? paged)?.more(),
  undo: () => void session?.acts.undo(),
  undoRow: (owner, number) => void session?.acts.undoRow(owner.replace(/^room /, ""), number),
  showCase() {
    const { user } = desk?.item ?? {};
    if (user) location.hash = `#/user/${encodeURIComponent(user)}`;
  },
  showAudit() {
    location.hash = `#/audit/${encodeURIComponent(desk ? `room ${desk.id}` : "global")}`;
  },
  signIn: (token) => void signIn(token),
  signOut: () => signOut(),
  noPicture() {
    isWithoutPicture = true;
    drawSoon();
  },
};

page.replaceChildren(element("div", { class: "frame" }), element("main"));
listenToHands(hands);
addEventListener("hashchange", showPlace);
if (keptToken() !== "") void signIn(keptToken());
draw();
