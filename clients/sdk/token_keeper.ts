/**
 * The fan's token, and where a newer one comes from when it has run out.
 *
 * A token that was just fetched and is refused is refused for good: asking for
 * yet another would ask for ever.
 */
export class TokenKeeper {
  /** Empty: an anonymous fan. */
  token: string;
  /** Just fetched, and no server has taken it yet. */
  #isNew = false;
  readonly #fetch: (() => Promise<string>) | undefined;

  constructor(token = "", fetch?: () => Promise<string>) {
    this.token = token;
    this.#fetch = fetch;
  }

  get mayRenew(): boolean {
    return this.#fetch !== undefined && !this.#isNew;
  }

  /** A server said Welcome to it. */
  wasTaken(): void {
    this.#isNew = false;
  }

  /** False where there is none now: whoever gives tokens refuses, or is away. */
  async renew(): Promise<boolean> {
    try {
      const token = await this.#fetch?.();
      if (token === undefined) return false;
      this.token = token;
      return this.#isNew = true;
    } catch {
      return false;
    }
  }
}
