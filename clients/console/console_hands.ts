/**
 * What a moderator's fingers do in the console: keys, buttons, forms. Each button
 * says its key, each key is a button.
 */
import type { AskDialog } from "./ask_dialog.ts";

/** What of the console they change. */
export interface ConsoleDesk {
  readonly dialog: AskDialog;
  readonly isSignedIn: boolean;
  /** What an action's key means here; false: nothing. */
  press(key: string): boolean;
  /** To the next message, or the one before. */
  step(by: number): void;
  /** Stands at that message. */
  standAt(item: string): void;
  more(): void;
  undo(): void;
  undoRow(owner: string, number: number): void;
  showCase(): void;
  showAudit(): void;
  signIn(token: string): void;
  signOut(): void;
  /** A picture could not be had. */
  noPicture(): void;
}

export function listenToHands(desk: ConsoleDesk): void {
  document.addEventListener("click", (event) => click(desk, event));
  document.addEventListener("keydown", (event) => key(desk, event));
  document.addEventListener("submit", (event) => submit(desk, event));
  // It does not bubble.
  document.addEventListener("error", ({ target }) => {
    if (target instanceof Element && target.matches("img.picture")) desk.noPicture();
  }, { capture: true });
}

export function focusItem(): void {
  document.querySelector<HTMLElement>("[data-item][tabindex='0']")?.focus();
}

function key(desk: ConsoleDesk, event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  const isOther = event.ctrlKey || event.metaKey || event.altKey;
  if (isOther || desk.dialog.isOpen || !desk.isSignedIn) return;
  if (target.matches("input, textarea, select")) {
    if (event.key !== "Escape") return;
    target.blur();
    return focusItem();
  }
  const others: Record<string, () => void> = {
    j: () => desk.step(1),
    k: () => desk.step(-1),
    n: () => desk.more(),
    u: () => desk.undo(),
    g: () => location.hash = "#/",
    t: () => desk.showAudit(),
    c: () => desk.showCase(),
    "/": () => document.getElementById("search")?.focus(),
    "?": () => desk.dialog.showKeys(),
  };
  const other = others[event.key];
  if (other) other();
  else if (!desk.press(event.key)) return;
  event.preventDefault();
}

function click(desk: ConsoleDesk, { target }: Event): void {
  const item = (target as Element).closest<HTMLElement>("[data-item]");
  if (item) desk.standAt(item.dataset["item"]!);
  const button = (target as Element).closest<HTMLElement>("button[data-do]");
  if (!button) return;
  const { do: what, press = "", owner = "", number = "" } = button.dataset;
  switch (what) {
    case "act":
      return void desk.press(press);
    case "more":
      return desk.more();
    case "undo":
      return desk.undo();
    case "undo-row":
      return desk.undoRow(owner, Number(number));
    case "keys":
      return desk.dialog.showKeys();
    case "sign-out":
      return desk.signOut();
    case "confirm":
      return desk.dialog.confirm();
    case "dismiss":
      return desk.dialog.close();
  }
}

function submit(desk: ConsoleDesk, event: Event): void {
  event.preventDefault();
  const { form } = (event.target as HTMLElement).dataset;
  const field = (event.target as HTMLFormElement).querySelector("input")!;
  const text = field.value.trim();
  if (form === "sign-in") return desk.signIn(text);
  if (text === "") return;
  location.hash = `#/search/${encodeURIComponent(text)}`;
  field.blur();
}
