/**
 * Pictures of users, wherever they are kept.
 *
 * What comes in is anybody's file: it is decoded elsewhere, and only pixels of it
 * come back.
 */

/** Names of its images, by their width. */
export type Avatar = Record<64 | 128, string>;

export type AvatarRefusal =
  | "notAnImage"
  | "truncated"
  | "tooManyPixels"
  | "animated"
  | "polyglot"
  | "undecodable"
  | "tooSoon"
  | "busy";

export type AvatarAnswer =
  | { outcome: "ok"; avatar: Avatar }
  | { outcome: "refused"; code: AvatarRefusal; reason: string; retryAfterMs?: number };

export interface Avatars {
  /** In place of the one before. @throws {Failure} retryable where pictures cannot be decoded. */
  take(user: string, bytes: Uint8Array): Promise<AvatarAnswer>;
  of(user: string): Promise<Avatar | null>;
  /** Removes it with its images; answers what it was. */
  remove(user: string): Promise<Avatar | null>;
}
