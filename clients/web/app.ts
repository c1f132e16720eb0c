/**
 * The fan's page: which view is shown, and when it is drawn again.
 *
 * The one file of the page with state: everything it shows is a view of a
 * picture that the SDK keeps. Drawn at every change and once a second, since
 * the minute runs without a message.
 */
import { isMatchId, matchChannel } from "../../protocol/channel_name.ts";
import {
  browserPlatform,
  type ChannelEvent,
  FanApi,
  GolazoClient,
  guestTokens,
  PredictionBook,
} from "../sdk/mod.ts";
import { ChatDoor } from "./chat_door.ts";
import { element, morph } from "./dom.ts";
import { FanMatch } from "./fan_match.ts";
import { LiveList } from "./live_list.ts";
import { LiveMatch } from "./live_match.ts";
import { matchListView } from "./match_list_view.ts";
import { firstTab, matchView, type Tab, TABS } from "./match_view.ts";
import { scoreText } from "./match_words.ts";
import { takePick } from "./predict_controls.ts";
import { headerView, pausedView, staleView } from "./page_frame_view.ts";
import { beginSprites } from "./sprites.ts";

/** A first connect takes less than this; a longer one is told. */
const CONNECT_MS_MAX = 3_000;

const page = document.getElementById("page")!;
const announcer = document.getElementById("announcer")!;
const platform = browserPlatform();
const client = new GolazoClient({
  url: socketUrl(),
  platform,
  refreshToken: () => api.renewed(),
});
const startedAt = platform.now();
const list = new LiveList(client, platform, changed);
const api = new FanApi(platform, guestTokens(platform));
const book = new PredictionBook(
  api,
  platform,
  (refused) => changed(refused ? `Your pick was not taken: ${refused.reason}.` : ""),
);

let match: LiveMatch | null = null;
let fan: FanMatch | null = null;
let chat: ChatDoor | null = null;
let leaveMatch = () => {};
/** Null until it is known whether the match has begun. */
let tab: Tab | null = null;
/** What is shown stays as it is until the fan says so or goes somewhere else. */
let pausedSince: number | null = null;
/** When the last connection was last heard. */
let heardAt: number | null = null;
let isDrawDue = false;
let toSay: string[] = [];

function socketUrl(): string {
  const url = new URL("/ws", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

function changed(sentence: string): void {
  if (sentence !== "") toSay.push(sentence);
  drawSoon();
}

/** Once for all changes of one message. */
function drawSoon(): void {
  if (isDrawDue) return;
  isDrawDue = true;
  queueMicrotask(() => {
    isDrawDue = false;
    draw();
    if (toSay.length > 0 && pausedSince === null) announcer.textContent = toSay.join(" ");
    toSay = [];
  });
}

function draw(): void {
  const { state } = client;
  morph(page.querySelector(".frame")!, [headerView(state, pausedSince !== null), ...banners()]);
  if (pausedSince !== null) return;
  const now = client.serverNow();
  const emptyText = list.hasFailed
    ? "The matches could not be loaded. Trying again…"
    : list.fetchedAt === null
    ? "Loading the matches…"
    : "No matches yet";
  if (match?.picture) tab ??= firstTab(match.picture);
  const view = match && fan && chat
    ? matchView(match, fan, chat, tab ?? "timeline", now)
    : matchListView(list.matches, emptyText, now);
  morph(page.querySelector("main")!, [view]);
  document.title = titleText();
}

function banners(): HTMLElement[] {
  const { state } = client;
  const shown: HTMLElement[] = [];
  if (pausedSince !== null) shown.push(pausedView(pausedSince));
  const isLate = platform.now() - startedAt > CONNECT_MS_MAX;
  if (
    state.status === "stale" || state.status === "closed" || state.status === "connecting" && isLate
  ) {
    shown.push(staleView(state, trustedAt()));
  }
  return shown;
}

/** When what is shown was last known to be true, by this device. */
function trustedAt(): number | null {
  const times = [heardAt, match ? null : list.fetchedAt].filter((at) => at !== null);
  return times.length === 0 ? null : Math.max(...times);
}

function titleText(): string {
  const picture = match?.picture;
  if (!picture) return "Golazo – live football";
  const { home, away, state } = picture;
  return `${home.code || home.name} ${scoreText(state.score)} ${away.code || away.name} – Golazo`;
}

function showRoute(): void {
  leaveMatch();
  leaveMatch = () => {};
  match = fan = chat = null;
  tab = null;
  pausedSince = null;
  const id = /^#\/match\/(.+)$/.exec(location.hash)?.[1] ?? "";
  if (isMatchId(id)) {
    list.hide();
    match = new LiveMatch(list.find(id)?.picture ?? null, () => client.serverNow(), changed);
    fan = new FanMatch({ match: id, client, platform, api, book, onChange: changed });
    chat = new ChatDoor({ room: id, client, platform, api, onChange: changed });
    const leaves = [
      client.subscribe(matchChannel(id), hearMatch),
      () => fan?.leave(),
      () => chat?.leave(),
    ];
    leaveMatch = () => leaves.forEach((leave) => leave());
  } else list.show();
  draw();
}

function hearMatch(event: ChannelEvent): void {
  match?.receive(event);
  if (event.kind !== "publication") return;
  const { goal, state, kick } = event.publication;
  if (goal || kick) chat?.matchSpoke();
  if (goal || state || kick) fan?.matchChanged();
}

function pick(event: Event): boolean {
  if (!fan || !takePick(event, fan)) return false;
  pausedSince = null;
  drawSoon();
  return true;
}

function chooseTab(name: string | undefined): void {
  tab = TABS.find((known) => known === name) ?? tab;
  pausedSince = null;
  draw();
}

function pause(): void {
  pausedSince = pausedSince === null ? platform.now() : null;
  draw();
}

document.addEventListener("click", (event) => {
  if (pick(event)) return;
  const button = (event.target as Element).closest<HTMLElement>("button");
  if (button?.dataset["tab"]) chooseTab(button.dataset["tab"]);
  else if (button?.dataset["action"] === "pause") pause();
  else if (button?.dataset["action"] === "reload") location.reload();
});
document.addEventListener("input", pick);
document.addEventListener("change", pick);
document.addEventListener("keydown", ({ target, key }) => {
  const isTab = (target as Element).getAttribute("role") === "tab";
  if (!isTab || (key !== "ArrowLeft" && key !== "ArrowRight")) return;
  const step = key === "ArrowLeft" ? TABS.length - 1 : 1;
  chooseTab(TABS[(TABS.indexOf(tab ?? "timeline") + step) % TABS.length]);
  document.getElementById(`tab-${tab}`)?.focus();
});
addEventListener("hashchange", () => {
  showRoute();
  scrollTo(0, 0);
  page.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
});

function tick(): void {
  draw();
  platform.after(1_000, tick);
}

page.replaceChildren(element("div", { class: "frame" }), element("main"));
client.onState((state) => {
  if (state.status === "stale") heardAt = state.since;
  drawSoon();
});
beginSprites(client, platform, drawSoon);
showRoute();
client.connect();
tick();
