/**
 * Where the reader is in the list, and that it stays so.
 *
 * The list is a reversed box: at its end it stays there by itself, and what comes
 * above moves nothing. Who reads further up keeps the first message they see where
 * it is, whatever comes or goes around it; not every browser does that by itself.
 */
const LIST = ".chat-scroll";
/** Two screens before the top is time for a page to come. */
const NEAR_PX = 400;
/** A box that is scrolled by hand ends on fractions. */
const AT_END_PX = 2;

export interface ListScrollHands {
  nearTop(): void;
  atEnd(): void;
}

export class ListScroll {
  readonly #stop = new AbortController();

  constructor(hands: ListScrollHands) {
    const { signal } = this.#stop;
    const heard = ({ target }: Event) => {
      if (!(target as Element).matches?.(LIST)) return;
      const { scrollTop, scrollHeight, clientHeight } = target as Element;
      if (-scrollTop <= AT_END_PX) hands.atEnd();
      else if (scrollHeight - clientHeight + scrollTop < NEAR_PX) hands.nearTop();
    };
    // Scrolling does not bubble.
    document.addEventListener("scroll", heard, { signal, capture: true, passive: true });
  }

  stop(): void {
    this.#stop.abort();
  }

  get isAtEnd(): boolean {
    return -(box()?.scrollTop ?? 0) <= AT_END_PX;
  }

  toEnd(): void {
    box()?.scrollTo({ top: 0 });
  }

  /** Called before the list is drawn, in the same microtask. */
  keep(): void {
    const list = box();
    if (!list || this.isAtEnd) return;
    const { scrollTop } = list;
    const { top, bottom } = list.getBoundingClientRect();
    const seen: { item: Element; at: number }[] = [];
    for (const item of list.querySelectorAll("li.message")) {
      const place = item.getBoundingClientRect();
      if (place.top > bottom) break;
      if (place.bottom > top) seen.push({ item, at: place.top });
    }
    queueMicrotask(() => {
      const kept = seen.find(({ item }) => item.isConnected);
      // Somebody went elsewhere with the focus.
      if (!kept || list.scrollTop !== scrollTop) return;
      const moved = kept.item.getBoundingClientRect().top - kept.at;
      if (moved !== 0) list.scrollTop += moved;
    });
  }
}

function box(): Element | null {
  return document.querySelector(LIST);
}
