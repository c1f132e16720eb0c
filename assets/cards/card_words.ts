/**
 * A card in words: for who does not see the image, and for pages that list it.
 */
import type { CardSide, CardView } from "./card_view.ts";

export interface CardWords {
  /** `Argentina 3–3 France (4–2 on penalties)` */
  title: string;
  /** One line: phase, news and scorers. */
  description: string;
  /** All that the image shows. */
  alt: string;
}

export function wordsOf(card: CardView): CardWords {
  const { home, away, shootout, headline, status, competition, stage } = card;
  const score = home.score === null ? "–" : `${home.score}–${away.score}`;
  const kicks = shootout === null ? "" : ` (${shootout.home}–${shootout.away} on penalties)`;
  const title = `${home.name} ${score} ${away.name}${kicks}`;
  const scorers = [scorersOf(home), scorersOf(away)].filter((text) => text !== "").join("; ");
  const news = headline?.text ?? "";
  const description = [status, news, scorers].filter((text) => text !== "").join(" · ");
  const where = [competition, stage].filter((text) => text !== "").join(", ");
  return { title, description, alt: `${where}: ${title}. ${description}` };
}

function scorersOf({ name, scorers, more }: CardSide): string {
  if (scorers.length === 0) return "";
  const listed = scorers.map((scorer) => `${scorer.name} ${scorer.when}`).join(", ");
  return `${name}: ${listed}${more > 0 ? ` and ${more} more` : ""}`;
}
