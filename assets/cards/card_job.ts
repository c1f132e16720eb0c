/**
 * What the process that paints is asked and what it answers: a line of JSON
 * each way, so that it needs neither files to write nor a network.
 */
import type { CardView } from "./card_view.ts";
import type { Shape } from "./card_layout.ts";

/** Letters that no font here has, and the package that brings them. */
export interface MissingFont {
  scripts: string;
  debianPackage: string;
}

export type CardJob = CardView;

export type CardAnswer =
  /** First line. */
  | { kind: "ready"; missing: MissingFont[] }
  /** PNGs in base64, and what the process holds by now. */
  | { kind: "painted"; images: Record<Shape, string>; bytesHeld: number }
  | { kind: "refused"; reason: string };
