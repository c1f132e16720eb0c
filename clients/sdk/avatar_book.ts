/**
 * Where pictures of fans are, and whether to ask.
 *
 * Most fans have none, so each author costs a question that is mostly answered
 * with no. Questions are rationed: in a room where strangers rush by, most are
 * shown without a picture. Each address holds for five minutes on this page, so
 * that what a moderator took down is asked for again and is gone.
 */
import { clientLimits } from "./client_limits.ts";

interface Known {
  /** When it was first asked for, by this device. */
  since: number;
  /** Of this device's own change: no cache has that address. */
  tag: string;
  state: "asked" | "here" | "none";
}

export class AvatarBook {
  readonly #known = new Map<string, Known>();
  #mayAsk: number = clientLimits.avatarsAtOnce;
  #refilledAt = 0;

  /** Null: nothing to show, or not asked for yet. `now` by this device. */
  address(user: string, now: number, size: 64 | 128 = 64): string | null {
    if (user === "") return null;
    const known = this.#known.get(user) ?? this.#begin(user, now);
    if (known === null) return null;
    const age = Math.floor((now - known.since) / clientLimits.avatarAgeMs);
    if (known.state === "none") {
      if (age > 0) this.#known.delete(user);
      return null;
    }
    const name = encodeURIComponent(user);
    return `/api/users/${name}/avatar?size=${size}&v=${known.tag}${age}`;
  }

  /** It has been drawn: what stood in its place may go. */
  isHere(user: string): boolean {
    return this.#known.get(user)?.state === "here";
  }

  /** What became of an address: shown, or nothing there. */
  found(user: string, isThere: boolean, now: number): void {
    const known = this.#known.get(user);
    if (!known) return;
    this.#known.set(
      user,
      isThere ? { ...known, state: "here" } : { since: now, tag: "", state: "none" },
    );
  }

  /** This device's own fan has another, or none any more. */
  changed(user: string, isThere: boolean, now: number): void {
    const tag = `${now.toString(36)}-`;
    this.#known.set(user, { since: now, tag, state: isThere ? "asked" : "none" });
  }

  #begin(user: string, now: number): Known | null {
    const { avatarsAtOnce, avatarEveryMs, avatarFansMax } = clientLimits;
    const earned = Math.floor((now - this.#refilledAt) / avatarEveryMs);
    if (earned > 0) {
      this.#mayAsk = Math.min(avatarsAtOnce, this.#mayAsk + earned);
      this.#refilledAt = this.#mayAsk === avatarsAtOnce
        ? now
        : this.#refilledAt + earned * avatarEveryMs;
    }
    if (this.#mayAsk === 0) return null;
    this.#mayAsk -= 1;
    const known: Known = { since: now, tag: "", state: "asked" };
    this.#known.set(user, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > avatarFansMax) this.#known.delete(oldest!);
    return known;
  }
}
