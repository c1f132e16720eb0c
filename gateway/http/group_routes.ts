/**
 * Groups of fans by HTTP: making one, coming in by invitation, and the ranks
 * among its members.
 *
 * Everything is a signed-in fan's own and nothing is kept by caches. Who is not
 * in a group is told nothing of it, not even that it is there; a wrong
 * invitation and one to no group are refused alike.
 */
import { GLOBAL_BOARD } from "../../actors/leaderboard/leaderboard_names.ts";
import { type Group, rankedMembers } from "../../actors/leaderboard/group.ts";
import { groupNameRefusal } from "../../actors/leaderboard/group_rules.ts";
import type { GroupAnswer, GroupRequest, Groups } from "../../actors/ports/groups.ts";
import type { BoardReader } from "../../channels/board_reader.ts";
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { type Random, randomId } from "../../runtime/random.ts";
import type { VerifyToken } from "../auth/pass.ts";
import { forFans } from "../auth/signed_in.ts";

export interface GroupRoutePorts {
  groups: Groups;
  boards: Pick<BoardReader, "standings">;
  verifyToken: VerifyToken;
  random: Random;
}

const OWN = { "cache-control": "no-store" };
const GROUP_ID = /^[0-9a-z]{1,64}$/;
const STATUS: Record<Extract<GroupAnswer, { outcome: "refused" }>["code"], number> = {
  forgedInvite: 403,
  groupFull: 409,
  groupExists: 409,
  notMember: 400,
  notOwner: 403,
  tooManyGroups: 409,
  unknownGroup: 404,
};

/** What a POST asks for, from its body; null where the body is none of that kind. */
const REQUESTS: Record<string, (body: Record<string, unknown>) => GroupRequest | null> = {
  join: ({ inviteCode }) => isText(inviteCode) ? { type: "join", inviteCode } : null,
  leave: () => ({ type: "leave" }),
  expel: ({ user }) => isText(user) ? { type: "expel", user } : null,
  handover: ({ to }) => isText(to) ? { type: "handOver", to } : null,
  invite: () => ({ type: "renewInvite" }),
};

export function groupRoutes(ports: GroupRoutePorts): Route[] {
  const { groups, verifyToken, random } = ports;
  const fanRoute = (
    method: "GET" | "POST",
    path: string,
    answer: (request: HttpRequest, fan: string) => Promise<HttpReply>,
  ) =>
    forFans({
      ...{ method, path },
      answer: (request, { subject }) =>
        subject.length <= limits.clientUserCharsMax
          ? answer(request, subject)
          : Promise.resolve(malformed("a shorter subject")),
    }, verifyToken);

  return [
    fanRoute("GET", "/api/groups", async (_request, fan) => {
      const mine = await groups.ofFan(fan);
      return jsonReply({ groups: mine.map(summaryOf) }, 200, OWN);
    }),
    fanRoute("POST", "/api/groups", async (request, fan) => {
      const { name } = await bodyOf(request) ?? {};
      if (!isText(name)) return malformed("a name");
      const text = name.normalize("NFC");
      const refusal = groupNameRefusal(text);
      if (refusal !== null) {
        const detail = `Cannot name a group so: ${refusal}`;
        return problemReply({ status: 400, code: "badGroupName", detail, field: "name" });
      }
      return answerOf(await groups.create(randomId(random), text, fan), 201);
    }),
    fanRoute("GET", "/api/groups/:id", async (request, fan) => await ranked(ports, request, fan)),
    ...Object.entries(REQUESTS).map(([verb, read]) =>
      fanRoute("POST", `/api/groups/:id/${verb}`, async (request, fan) => {
        const { id = "" } = request.params;
        const body = await bodyOf(request);
        const asked = body === null ? null : read(body);
        if (asked === null) return malformed(`what ${verb} needs`);
        if (!GROUP_ID.test(id)) return unknownGroup();
        return answerOf(await groups.change(id, fan, asked));
      })
    ),
  ];
}

async function ranked(
  { groups, boards }: GroupRoutePorts,
  { params: { id = "" }, url }: HttpRequest,
  fan: string,
): Promise<HttpReply> {
  const group = GROUP_ID.test(id) ? await groups.get(id) : null;
  if (!group?.members.includes(fan)) return unknownGroup();
  const board = url.searchParams.get("board") ?? GLOBAL_BOARD;
  const standings = await boards.standings(board, [...group.members]);
  if (standings === null) {
    const detail = `No such leaderboard: ${JSON.stringify(board.slice(0, 64))}`;
    return problemReply({ status: 404, code: "unknownLeaderboard", detail });
  }
  const rows = rankedMembers(group, standings.map(({ score }) => score))
    .map(({ rank, member, score }) => ({ rank, user: member, points: score }));
  return jsonReply({ ...summaryOf(group), board, rows }, 200, OWN);
}

function answerOf(answer: GroupAnswer, status = 200): HttpReply {
  if (answer.outcome === "refused") {
    const { code, reason: detail } = answer;
    return problemReply({ status: STATUS[code], code, detail });
  }
  const { group } = answer;
  return jsonReply({ group: group && summaryOf(group) }, status, OWN);
}

function summaryOf({ id, name, owner, inviteCode, members }: Group) {
  return { id, name, owner, inviteCode, members: members.length };
}

/** Null where it is no object; nothing at all is an empty one. */
async function bodyOf(request: HttpRequest): Promise<Record<string, unknown> | null> {
  const bytes = await request.body(limits.groupBodyBytesMax);
  if (bytes.length === 0) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : null;
  } catch {
    return null;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 &&
    value.length <= limits.clientUserCharsMax;
}

function malformed(needed: string): HttpReply {
  const detail = `Cannot do that with a group: needed ${needed} in a JSON object`;
  return problemReply({ status: 400, code: "malformed", detail });
}

function unknownGroup(): HttpReply {
  const detail = "There is no such group, or you are not in it";
  return problemReply({ status: 404, code: "unknownGroup", detail });
}
