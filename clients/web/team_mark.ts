/**
 * What stands beside a team's name: its country's flag where it plays under one
 * and the image is here, else the badge that is drawn.
 */
import type { Team } from "../../protocol/golazo_codec.ts";
import { badgeOf } from "./drawings.ts";
import { flag, listFlag } from "./sprites.ts";

/** Of a match that is shown alone. */
export function teamMark(team: Team): Element {
  return flag(team.country) ?? badgeOf(team);
}

/** Of one match of many. */
export function listMark(team: Team): Element {
  return listFlag(team.country) ?? badgeOf(team);
}
