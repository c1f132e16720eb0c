/**
 * When a match begins, in the fan's own time zone and manner of writing.
 */

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
});
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export function kickoffText(kickoffAt: number): { time: string; day: string } {
  return { time: TIME.format(kickoffAt), day: DAY.format(kickoffAt) };
}

/** A time of today with its seconds: `21:14:05`. */
export function clockText(at: number): string {
  return CLOCK.format(at);
}
