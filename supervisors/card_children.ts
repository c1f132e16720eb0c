/**
 * Share cards in the tree: of several workers one makes them, with a process
 * that paints under a supervisor of its own.
 *
 * A card is never worth a match: a painter that dies is started again with
 * backoff and, past the intensity, parked; one that may not be started, or has
 * no fonts, is an operator's matter and nobody else's.
 */
import { join } from "node:path";
import type { CardMaker } from "../assets/cards/card_maker.ts";
import type { CardPainter } from "../assets/cards/card_painter.ts";
import { cardOf } from "../assets/cards/card_view.ts";
import { reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import type { TreeOptions } from "./built.ts";
import { CARDS_FOLDER, WANTED } from "./card_door.ts";
import { type Child, type ChildSpec, crash, type Exit, lastingChild } from "./child_spec.ts";
import { StandBy } from "./stand_by.ts";
import { Supervisor } from "./supervisor.ts";

export function cards(options: TreeOptions): ChildSpec {
  const { config, parts, built, node } = options;
  return {
    id: "cards",
    restart: "permanent",
    shutdownMs: 2 * limits.shutdownMsMax,
    async start() {
      if (config.cards === "off") return lastingChild(() => {});
      if (config.redisUrl === null) return await beginMaking(options);
      return await StandBy.start({
        ...{ cells: built.hot.cells, clock: parts.clock, key: "lease/cards", holder: node },
        work: () => begun(beginMaking(options)),
      });
    },
  };
}

/** At work from the first moment on, however long its beginning takes. */
function begun(starting: Promise<Child>): Child {
  return {
    exited: starting.then((child) => child.exited, crash),
    stop: (reason) => starting.then((child) => child.stop(reason), () => {}),
  };
}

async function beginMaking(options: TreeOptions): Promise<Child> {
  const { config, parts, built } = options;
  const { cells, broker } = built.hot;
  const { reader, signal, directory } = built.readers;
  const [{ CardMaker }, { CardShelf, shelvedCard }] = await Promise.all([
    import("../assets/cards/card_maker.ts"),
    import("../assets/cards/card_shelf.ts"),
  ]);
  const folder = join(config.data, CARDS_FOLDER);
  let painter: CardPainter | null = null;
  let maker: CardMaker | null = null;
  const painters = await Supervisor.start({
    ...parts,
    id: "card painters",
    strategy: "one_for_one",
    whenExceeded: "park",
    children: [paintingChild(options, folder, (present) => {
      painter = present;
      if (present !== null) maker?.painterCame();
    })],
  });
  const making = maker = new CardMaker({
    ...parts,
    shelf: new CardShelf({ folder, cells, clock: parts.clock }),
    painter: () => painter,
    async read(matchId) {
      const reading = await reader.read(matchId);
      return reading === null ? null : cardOf(reading.view);
    },
  });
  /** Whose card stands must not stand for what was: nudges may have been lost. */
  const lookAtAll = async () => {
    for (const matchId of await directory.ids()) {
      if (await shelvedCard(cells, matchId) !== null) making.changed(matchId);
    }
  };
  const decoder = new TextDecoder();
  const unhear = [
    await signal.hear((matchId) => making.changed(matchId), lookAtAll),
    await broker.subscribe(WANTED, (payload) => making.changed(decoder.decode(payload))),
  ];
  lookAtAll().catch((error) =>
    parts.events.warned(`Cannot look after the share cards of before: ${reasonOf(error)}`)
  );
  const { exited, stop } = lastingChild(async () => {
    for (const stopHearing of unhear) stopHearing();
    // First who paints: what is being painted then ends at once.
    await painters.stop("no more cards");
    await making.stop();
  });
  return { stop, exited: Promise.race([exited, painters.exited]) };
}

function paintingChild(
  { parts }: TreeOptions,
  folder: string,
  present: (painter: CardPainter | null) => void,
): ChildSpec {
  const { clock, events } = parts;
  let isToldOfFonts = false;
  return {
    id: "card painter",
    restart: "permanent",
    shutdownMs: limits.shutdownMsMax,
    async start() {
      const { CardPainter } = await import("../assets/cards/card_painter.ts");
      const painter = new CardPainter({ folder, clock });
      painter.ready.then((missing) => {
        if (isToldOfFonts || missing.length === 0) return;
        isToldOfFonts = true;
        const packages = new Set(missing.map(({ debianPackage }) => debianPackage));
        events.fontsMissed(missing.map(({ scripts }) => scripts), [...packages]);
      }, () => {});
      present(painter);
      let isStopping = false;
      const { promise: exited, resolve: end } = Promise.withResolvers<Exit>();
      void painter.ended.then(({ wasRun, reason }) => {
        present(null);
        if (isStopping) return end({ kind: "shutdown" });
        if (wasRun) return end({ kind: "crash", reason });
        events.warned(
          `Cannot paint share cards, as the process that paints may not be run: ${reason}; ` +
            "start with --allow-run for Deno's own program, or set GOLAZO_CARDS=off",
        );
      });
      return {
        exited,
        async stop() {
          isStopping = true;
          await painter.stop();
          end({ kind: "shutdown" });
        },
      };
    },
  };
}
