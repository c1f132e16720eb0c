/**
 * What a gateway answers of share cards: the page that links show, the stable
 * addresses of the images and the images.
 *
 * It paints nothing. Which image is of now stands in a cell that the one who
 * paints writes; the images are in the data folder, which gateways on other
 * machines have to share with the worker (a network folder), or a proxy sends
 * `/cards/*` to a gateway beside it.
 */
import { join } from "node:path";
import { SHAPES } from "../assets/cards/card_layout.ts";
import { keyOf, sharedName } from "../assets/cards/card_name.ts";
import { cardRoutes } from "../assets/cards/card_routes.ts";
import { shelvedCard } from "../assets/cards/card_shelf.ts";
import { cardOf, type CardView } from "../assets/cards/card_view.ts";
import { wordsOf } from "../assets/cards/card_words.ts";
import { matchShareRoutes, type SharedMatch } from "../gateway/http/match_share_route.ts";
import { isMatchId } from "../protocol/channel_name.ts";
import type { Route } from "../runtime/http_route.ts";
import { limits } from "../runtime/limits.ts";
import type { TreeOptions } from "./built.ts";

/** Where gateways ask for a card: a match's id, at most once. */
export const WANTED = "cards/wanted";
/** Below the data folder. */
export const CARDS_FOLDER = "cards";

export function cardDoor({ config, parts, built }: TreeOptions): Route[] {
  const { hot, readers } = built;
  const { clock } = parts;
  const isOn = config.cards === "on";
  const cardNow = async (matchId: string): Promise<CardView | null> => {
    if (!isMatchId(matchId)) return null;
    const reading = await readers.reader.read(matchId);
    return reading === null ? null : cardOf(reading.view);
  };
  const shareOf = async (matchId: string): Promise<SharedMatch | null> => {
    const card = await cardNow(matchId);
    if (card === null) return null;
    const imageOf = (shape: "wide" | "square") => ({
      path: `/cards/${sharedName(matchId, shape)}?v=${keyOf(card)}`,
      ...SHAPES[shape],
    });
    const images = isOn ? [imageOf("wide"), imageOf("square")] : [];
    return { ...wordsOf(card), images, page: `/#/match/${matchId}` };
  };

  /** When each match's card was asked for last. */
  const asked = new Map<string, number>();
  const want = (matchId: string) => {
    const now = clock.monotonic();
    if (now - (asked.get(matchId) ?? Number.NEGATIVE_INFINITY) < limits.cardAskMs) return;
    if (asked.size >= limits.cardsWaitingMax) asked.clear();
    asked.set(matchId, now);
    // Who waits for the card asks again; where the broker is away there is none.
    hot.broker.publish(WANTED, [new TextEncoder().encode(matchId)]).catch(() => {});
  };
  if (!isOn) return matchShareRoutes(shareOf);
  return [
    ...matchShareRoutes(shareOf),
    ...cardRoutes({
      folder: join(config.data, CARDS_FOLDER),
      shelved: (matchId) => shelvedCard(hot.cells, matchId),
      async keyOf(matchId) {
        const card = await cardNow(matchId);
        return card === null ? null : keyOf(card);
      },
      want,
      clock,
    }),
  ];
}
