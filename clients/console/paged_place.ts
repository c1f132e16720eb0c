/**
 * What a place shows besides rooms: a user's case, an audit, a search. The newest
 * page is asked for again after every action, older ones when somebody wants them.
 */
import type { AuditPage, Findings, ModApi, UserCase } from "./mod_api.ts";

export interface Place {
  kind: string;
  /** Of the user or the log, or what is searched for. */
  id: string;
}

type Shown = UserCase | AuditPage | Findings;

export class PagedPlace {
  readonly place: Place;
  #shown: Shown | null = null;
  #isAsked = false;
  readonly #api: ModApi;
  /** With what went wrong, if anything. */
  readonly #onChange: (trouble: unknown) => void;

  constructor(place: Place, api: ModApi, onChange: (trouble: unknown) => void) {
    this.place = place;
    this.#api = api;
    this.#onChange = onChange;
    void this.refresh();
  }

  get case(): UserCase | null {
    return this.place.kind === "user" ? this.#shown as UserCase | null : null;
  }

  get audit(): AuditPage | null {
    return this.place.kind === "audit" ? this.#shown as AuditPage | null : null;
  }

  get findings(): Findings | null {
    return this.place.kind === "search" ? this.#shown as Findings | null : null;
  }

  async refresh(): Promise<void> {
    const { kind, id } = this.place;
    const api = this.#api;
    if (kind === "search") return await this.#take(api.search(id), (found) => found);
    if (kind === "user") return await this.#take(api.case(id), (page) => this.#newest(page));
    if (kind === "audit") return await this.#take(api.audit(id), (page) => this.#newest(page));
  }

  /** The next older page; twice at once is once. */
  async more(): Promise<void> {
    const { kind, id } = this.place;
    const { before } = this.case ?? this.audit ?? { before: null };
    if (before === null || this.#isAsked) return;
    this.#isAsked = true;
    const ask = kind === "user" ? this.#api.case(id, before) : this.#api.audit(id, before);
    await this.#take<AuditPage>(ask, (page) => ({
      ...this.#shown as AuditPage,
      ...{ actions: joined(this.#rows, page.actions), before: page.before },
    }));
    this.#isAsked = false;
  }

  get #rows(): AuditPage["actions"] {
    return (this.case ?? this.audit)?.actions ?? [];
  }

  #newest<Page extends AuditPage>(page: Page): Page {
    const known = this.case ?? this.audit;
    if (known === null || known.actions.length <= page.actions.length) return page;
    return { ...page, actions: joined(page.actions, known.actions), before: known.before };
  }

  async #take<Answer>(asked: Promise<Answer>, shownBy: (answer: Answer) => Shown): Promise<void> {
    let trouble: unknown = null;
    const answer = await asked.catch((thrown: unknown) => {
      trouble = thrown;
      return null;
    });
    if (answer !== null) this.#shown = shownBy(answer);
    this.#onChange(trouble);
  }
}

/** Newest first, each row once. */
function joined(newer: AuditPage["actions"], older: AuditPage["actions"]): AuditPage["actions"] {
  const key = ({ owner, row }: AuditPage["actions"][number]) => `${owner} ${row.number}`;
  const known = new Set(newer.map(key));
  return [...newer, ...older.filter((one) => !known.has(key(one)))];
}
