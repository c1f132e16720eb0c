/**
 * The process that paints cards: it gives way first, and only then begins.
 *
 * Goals go first: of two cores with work for three, all of this gives way. The
 * kernel knows threads, and one has the priority of the one that began it: so
 * libvips is loaded once this one has stepped back, and begins all of its threads
 * there and then (`VIPS_MAX_THREADS`, card_painter.ts). Nearly all work is theirs.
 */
import { setPriority } from "node:os";

const GIVES_WAY = 19;
try {
  setPriority(GIVES_WAY);
} catch {
  // Where a process may not, it paints as eagerly as others work.
}
await import("./card_painting.ts");
