/**
 * One row a player of a team, as the latest line-up named them.
 *
 * Only players with an id of their own: a name alone is no key.
 */
import type { Kysely } from "kysely";
import type { DialectWords } from "../dialect_words.ts";

export interface SquadPlayerTable {
  team_id: string;
  player_id: string;
  name: string;
  number: number | null;
  position: string | null;
}

export async function createSquadPlayer(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await words.step(
    db.schema.createTable("squad_player")
      .addColumn("team_id", words.id, (column) => column.notNull())
      .addColumn("player_id", words.id, (column) => column.notNull())
      .addColumn("name", words.name, (column) => column.notNull())
      .addColumn("number", "integer")
      .addColumn("position", words.name)
      .addPrimaryKeyConstraint("squad_player_pk", ["team_id", "player_id"]),
  );
}
