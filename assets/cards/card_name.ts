/**
 * Names of cards: the one that people share, and those of the images behind it.
 *
 * `arg-fra.png` stands for ever and leads to `arg-fra.k3vq7zc5m2ta.png`, whose
 * bytes never change. A match's id has no dot, so no two names meet, and nothing
 * in one can lead out of a folder.
 */
import { createHash } from "node:crypto";
import { contentHash } from "../content_name.ts";
import { LAYOUT, type Shape } from "./card_layout.ts";
import type { CardView } from "./card_view.ts";

const NAME = /^([a-z0-9-]{1,64})(\.square)?(?:\.([a-z2-7]{12}))?\.png$/;

export interface CardName {
  matchId: string;
  shape: Shape;
  /** Null: the name that people share. */
  hash: string | null;
}

export function parseCardName(name: string): CardName | null {
  const [, matchId, square, hash = null] = NAME.exec(name) ?? [];
  return matchId === undefined ? null : { matchId, shape: square ? "square" : "wide", hash };
}

export function sharedName(matchId: string, shape: Shape): string {
  return `${matchId}${shape === "square" ? ".square" : ""}.png`;
}

export function imageName(matchId: string, shape: Shape, bytes: Uint8Array): string {
  return `${matchId}${shape === "square" ? ".square" : ""}.${contentHash(bytes)}.png`;
}

/** The same for cards that look the same. */
export function keyOf(card: CardView): string {
  const digest = createHash("sha256").update(JSON.stringify([LAYOUT, card])).digest("base64url");
  return digest.slice(0, 16);
}
