/**
 * A fan's picture beside their words: of a fixed size, so nothing moves when it
 * comes, and said to nobody, as the name is beside it.
 *
 * The browser fetches one when it comes into view. Until then, and for who has
 * none, a drawn face is there; where the server has no images, initials.
 */
import type { AvatarBook } from "../../sdk/avatar_book.ts";
import { element } from "../dom.ts";
import { face, spriteIds } from "../sprites.ts";
import { colourOf, faceOf, initialsOf } from "./faces.ts";

export function faceView(user: string, book: AvatarBook, now: number, size: 64 | 128 = 64) {
  const src = book.address(user, now, size);
  const isHere = src !== null && book.isHere(user);
  return element(
    "span",
    { class: isHere ? "face is-here" : "face", "aria-hidden": "true", "data-testid": "face" },
    !isHere && drawn(user),
    // Lazy before it has an address, or it would be fetched at once.
    src !== null &&
      element("img", { key: "own", loading: "lazy", alt: "", "data-face": user, src }),
  );
}

/** Hears of every picture whether it came; neither event bubbles. */
export function hearFaces(heard: (user: string, isThere: boolean) => void): () => void {
  const stop = new AbortController();
  for (const kind of ["load", "error"] as const) {
    document.addEventListener(kind, ({ target }) => {
      const user = target instanceof HTMLImageElement ? target.dataset["face"] : undefined;
      if (user !== undefined) heard(user, kind === "load");
    }, { signal: stop.signal, capture: true });
  }
  return () => stop.abort();
}

function drawn(user: string): HTMLElement {
  const id = user === "" ? null : faceOf(user, spriteIds("avatars"));
  const shown = id === null ? null : face(id);
  if (shown) return shown;
  const letters = element("span", { class: "initials" }, user === "" ? "?" : initialsOf(user));
  letters.style.background = colourOf(user);
  return letters;
}
