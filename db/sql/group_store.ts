/**
 * Groups in SQL: the rules of group.ts, each change in one transaction.
 *
 * A change begins by writing the group's own row, which holds it in every
 * database alike, so of two who come for the last place one is refused. A fan's
 * number of groups is counted without a lock: two joins at the same moment may
 * go one past it.
 */
import { sql, type Transaction } from "kysely";
import {
  expel,
  type Group,
  type GroupChange,
  handOver,
  join,
  leave,
  newGroup,
  renewInvite,
} from "../../actors/leaderboard/group.ts";
import type { GroupAnswer, GroupRequest, Groups } from "../../actors/ports/groups.ts";
import { limits } from "../../runtime/limits.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { Random } from "../../runtime/random.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";

type Reading = Pick<Transaction<Tables>, "selectFrom">;

export class GroupStore implements Groups {
  readonly #sql: SqlDatabase;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(sql: SqlDatabase, { clock, random }: { clock: Clock; random: Random }) {
    this.#sql = sql;
    this.#clock = clock;
    this.#random = random;
  }

  async create(id: string, name: string, owner: string): Promise<GroupAnswer> {
    return await this.#sql.kysely.transaction().execute(async (transaction) => {
      const group = newGroup(id, name, owner, this.#random);
      const row = { id, name, owner, invite_code: group.inviteCode };
      const insert = transaction.insertInto("fan_group").values(row);
      // Where it is there already this writes nothing, and holds it.
      await this.#sql.words.upsert(insert, ["id"], { id: sql.ref("fan_group.id") }).execute();
      const found = await read(transaction, id);
      if (found === null || found.members.length > 0) {
        return found?.owner === owner ? { outcome: "done", group: found } : EXISTS;
      }
      // Nobody is in it yet, so it is the row that was just written.
      if (await isFull(transaction, owner)) {
        await transaction.deleteFrom("fan_group").where("id", "=", id).execute();
        return TOO_MANY;
      }
      await this.#admit(transaction, id, owner, 1);
      return { outcome: "done", group };
    });
  }

  async ofFan(user: string): Promise<Group[]> {
    const { kysely } = this.#sql;
    const rows = await kysely.selectFrom("group_member").select("group_id")
      .where("user_id", "=", user).orderBy("group_id").execute();
    const groups = await Promise.all(rows.map(({ group_id }) => read(kysely, group_id)));
    return groups.filter((group) => group !== null);
  }

  get(id: string): Promise<Group | null> {
    return read(this.#sql.kysely, id);
  }

  async change(id: string, by: string, request: GroupRequest): Promise<GroupAnswer> {
    return await this.#sql.kysely.transaction().execute(async (transaction) => {
      await transaction.updateTable("fan_group").set({ id }).where("id", "=", id).execute();
      const before = await read(transaction, id);
      const isIn = before?.members.includes(by) ?? false;
      // Who is not in a group is told nothing of it.
      if (request.type !== "join" && !isIn) return UNKNOWN;
      const change = this.#decide(before, by, request);
      if (change.outcome === "refused") return change;
      if (change.outcome === "unchanged") return { outcome: "done", group: before };
      const after = change.outcome === "dissolved" ? null : change.group;
      if (request.type === "join" && await isFull(transaction, by)) return TOO_MANY;
      await this.#write(transaction, before!, after);
      return { outcome: "done", group: after?.members.includes(by) ? after : null };
    });
  }

  #decide(group: Group | null, by: string, request: GroupRequest): GroupChange {
    switch (request.type) {
      case "join":
        return join(group, by, request.inviteCode);
      case "leave":
        return leave(group!, by);
      case "expel":
        return expel(group!, by, request.user, this.#random);
      case "handOver":
        return handOver(group!, by, request.to);
      case "renewInvite":
        return renewInvite(group!, by, this.#random);
    }
  }

  async #write(
    transaction: Transaction<Tables>,
    before: Group,
    after: Group | null,
  ): Promise<void> {
    const { id } = before;
    const gone = before.members.filter((user) => !after?.members.includes(user));
    if (gone.length > 0) {
      await transaction.deleteFrom("group_member")
        .where("group_id", "=", id).where("user_id", "in", gone).execute();
    }
    if (after === null) {
      await transaction.deleteFrom("fan_group").where("id", "=", id).execute();
      return;
    }
    const { owner, inviteCode } = after;
    await transaction.updateTable("fan_group").set({ owner, invite_code: inviteCode })
      .where("id", "=", id).execute();
    for (const user of after.members.filter((user) => !before.members.includes(user))) {
      const last = await transaction.selectFrom("group_member")
        .select(({ fn }) => fn.max("place").as("place")).where("group_id", "=", id)
        .executeTakeFirst();
      await this.#admit(transaction, id, user, (last?.place ?? 0) + 1);
    }
  }

  async #admit(
    transaction: Transaction<Tables>,
    groupId: string,
    user: string,
    place: number,
  ): Promise<void> {
    await transaction.insertInto("group_member")
      .values({ group_id: groupId, user_id: user, place, joined_at: this.#clock.now() })
      .execute();
  }
}

const UNKNOWN: GroupAnswer = {
  ...{ outcome: "refused", code: "unknownGroup" },
  reason: "There is no such group, or you are not in it",
};
const EXISTS: GroupAnswer = {
  ...{ outcome: "refused", code: "groupExists" },
  reason: "Cannot make a group of that id: another fan has",
};
const TOO_MANY: GroupAnswer = {
  ...{ outcome: "refused", code: "tooManyGroups" },
  reason: `Cannot be in one more group: needed fewer than ${limits.groupsOfFanMax}`,
};

async function read(db: Reading, id: string): Promise<Group | null> {
  const row = await db.selectFrom("fan_group").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined) return null;
  const members = await db.selectFrom("group_member").select("user_id")
    .where("group_id", "=", id).orderBy("place").execute();
  const { name, owner, invite_code: inviteCode } = row;
  return { id, name, owner, inviteCode, members: members.map(({ user_id }) => user_id) };
}

async function isFull(db: Reading, user: string): Promise<boolean> {
  const count = await db.selectFrom("group_member")
    .select(({ fn }) => fn.countAll().as("groups")).where("user_id", "=", user)
    .executeTakeFirst();
  return Number(count?.groups ?? 0) >= limits.groupsOfFanMax;
}
