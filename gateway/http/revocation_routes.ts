/**
 * Revocations by hand, for the admin listener: a token that was lost, a subject
 * who is out, a subject who signed out everywhere.
 *
 *   POST {"tokenId": "…"}
 *   POST {"subject": "ana"}
 *   POST {"subject": "ana", "issuedBefore": "2026-07-11T19:00:00Z"}
 *
 * `until` is how long it is in force: for a token's id as long as any token can
 * live, which is also what is taken where nothing is said.
 */
import type { Clock } from "../../runtime/clock.ts";
import {
  type HttpReply,
  type HttpRequest,
  jsonReply,
  problemReply,
  type Route,
} from "../../runtime/http_route.ts";
import { limits } from "../../runtime/limits.ts";
import { Failure } from "../../runtime/failure.ts";
import type { RevocationBoard } from "../auth/revocation_board.ts";
import type { Revocation } from "../auth/revocation_list.ts";

export interface RevocationRoutePorts {
  board: Pick<RevocationBoard, "all" | "revoke">;
  clock: Clock;
}

interface Wrong {
  field?: string;
  detail: string;
}

const PATH = "/api/ops/revocations";
const BODY_BYTES_MAX = 4 * 1024;
const FIELDS = ["tokenId", "subject", "issuedBefore", "until"];

export function revocationRoutes({ board, clock }: RevocationRoutePorts): Route[] {
  return [
    {
      method: "GET",
      path: PATH,
      answer: () =>
        jsonReply({ revocations: board.all().map(shown) }, 200, { "cache-control": "no-store" }),
    },
    {
      method: "POST",
      path: PATH,
      async answer(request): Promise<HttpReply> {
        const read = parse(await bodyOf(request), clock.now());
        if ("detail" in read) {
          return problemReply({ status: 422, code: "malformedRevocation", ...read });
        }
        try {
          await board.revoke(read);
        } catch (thrown) {
          const isFull = thrown instanceof Failure && thrown.code === "tooManyRevocations";
          if (!isFull) throw thrown;
          return problemReply({ status: 409, code: thrown.code, detail: thrown.message });
        }
        return jsonReply(shown(read), 201);
      },
    },
  ];
}

async function bodyOf(request: HttpRequest): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await request.body(BODY_BYTES_MAX)));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}

function parse(body: unknown, now: number): Revocation | Wrong {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return { detail: "Cannot read the revocation: needed a JSON object" };
  }
  const { tokenId, subject, issuedBefore, until } = body as Record<string, unknown>;
  const stranger = Object.keys(body).find((field) => !FIELDS.includes(field));
  if (stranger !== undefined) return { field: stranger, detail: "There is no such field" };
  const end = until === undefined ? now + limits.tokenAgeMsMax : timeOf(until);
  if (end === null || end <= now) {
    return { field: "until", detail: "Cannot revoke until then: needed a time to come" };
  }
  if ((tokenId === undefined) === (subject === undefined)) {
    return { detail: "Cannot revoke: needed one of tokenId and subject" };
  }
  for (const [field, value] of Object.entries({ tokenId, subject })) {
    if (value !== undefined && !isName(value)) {
      const detail = `needed a text of 1 to ${limits.subjectCharsMax} characters`;
      return { field, detail: `Cannot revoke: ${detail}` };
    }
  }
  if (tokenId !== undefined && issuedBefore !== undefined) {
    return { field: "issuedBefore", detail: "Cannot revoke a token by when it was issued" };
  }
  if (tokenId !== undefined) return { tokenId: tokenId as string, until: end };
  if (issuedBefore === undefined) return { subject: subject as string, until: end };
  const before = timeOf(issuedBefore);
  if (before === null) {
    return { field: "issuedBefore", detail: "Cannot revoke: needed a time in ISO 8601" };
  }
  return { subject: subject as string, issuedBefore: before, until: end };
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "" && value.length <= limits.subjectCharsMax;
}

function timeOf(value: unknown): number | null {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** Times as they are given. */
function shown({ until, ...revocation }: Revocation): object {
  const { issuedBefore } = revocation as { issuedBefore?: number };
  return {
    ...revocation,
    ...(issuedBefore === undefined ? {} : { issuedBefore: new Date(issuedBefore).toISOString() }),
    until: new Date(until).toISOString(),
  };
}
