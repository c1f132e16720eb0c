/**
 * Flags, reactions and stickers as elements, once they are here.
 *
 * Null stands for "not yet" as for "there is none", so a view draws what it has
 * instead and is drawn again when the image has come; nothing ever shows as a
 * hole. A pack is loaded when a view first asks for one of it: the flags of a
 * shown match as files of their own, a list's as one sheet.
 */
import { AssetBook, ASSETS_CHANNEL, type ClientPlatform, type GolazoClient } from "../sdk/mod.ts";
import { element } from "./dom.ts";

/** An image that could not be had is asked for again after this. */
const AGAIN_MS = 10_000;

let book: AssetBook | null = null;
let changed = () => {};
let after: ClientPlatform["after"];
/** By address: whether it can be shown without waiting. */
const images = new Map<string, boolean>();

/** `onChange` is called when more can be shown. */
export function beginSprites(
  client: Pick<GolazoClient, "subscribe">,
  platform: ClientPlatform,
  onChange: () => void,
): void {
  changed = onChange;
  after = platform.after;
  book = new AssetBook({ platform, density: devicePixelRatio, onChange });
  client.subscribe(ASSETS_CHANNEL, book.receive);
}

/** Of a country as `Team.country` names it, as a file of its own: for one or two on a page. */
export function flag(country: string): HTMLElement | null {
  const src = country === "" ? null : book?.single("flags", country) ?? null;
  if (src === null || !isHere(src)) return null;
  return element("img", { class: "badge flag", src, alt: "", width: 32, height: 24 });
}

/** The same from the sheet of all: for many. */
export function listFlag(country: string): HTMLElement | null {
  return country === "" ? null : sprite("flags", country, "badge flag", "");
}

/** `soccer-ball`, `fire`, …: its name is what is read aloud. */
export function reaction(id: string): HTMLElement | null {
  return sprite("reactions", id, "reaction-sprite", id.replaceAll("-", " "));
}

export function sticker(id: string): HTMLElement | null {
  return sprite("stickers", id, "sticker-sprite", id.replaceAll("-", " "));
}

/** A drawn face for somebody without a picture, beside their name: nothing to read aloud. */
export function face(id: string): HTMLElement | null {
  return sprite("avatars", id, "face-sprite", "");
}

/** Whether there are any to be had; loads nothing. */
export function hasSprites(pack: "reactions" | "stickers"): boolean {
  return book?.has(pack) ?? false;
}

/** What can be chosen from, in its order; none until the pack has been loaded. */
export function spriteIds(pack: "reactions" | "stickers" | "avatars"): string[] {
  return book?.ids(pack) ?? [];
}

/** A part of a sheet that takes the size that its class gives it, whatever the frame's. */
function sprite(pack: string, id: string, className: string, name: string): HTMLElement | null {
  const frame = book?.frame(pack, id);
  if (!frame || !isHere(frame.image)) return null;
  const { image, sheetWidth, sheetHeight, x, y, width, height } = frame;
  const share = (part: number, whole: number) => whole === 0 ? "0%" : `${100 * part / whole}%`;
  const shown = element("span", {
    class: `sprite ${className}`,
    "data-sprite": `${pack}/${id}`,
    ...(name === "" ? { "aria-hidden": "true" } : { role: "img", "aria-label": name }),
  });
  const { style } = shown;
  style.aspectRatio = `${width} / ${height}`;
  style.backgroundImage = `url("${image}")`;
  style.backgroundSize = `${share(sheetWidth, width)} ${share(sheetHeight, height)}`;
  style.backgroundPosition = `${share(x, sheetWidth - width)} ${share(y, sheetHeight - height)}`;
  return shown;
}

/** Fetches what is not here, once. */
function isHere(src: string): boolean {
  const known = images.get(src);
  if (known !== undefined) return known;
  images.set(src, false);
  const image = new Image();
  image.src = src;
  image.decode().then(() => {
    images.set(src, true);
    changed();
  }, () => void after(AGAIN_MS, () => images.delete(src)));
  return false;
}
