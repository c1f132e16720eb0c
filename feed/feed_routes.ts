/**
 * `POST /api/feed/:provider`: where providers bring their facts.
 *
 * The order of the checks is the order of trust: a name, a size, a signature,
 * and only then the content. Whatever is refused on the way has had no effect.
 */
import type { BusinessEvents } from "../runtime/business_events.ts";
import type { Clock } from "../runtime/clock.ts";
import type { HttpReply, HttpRequest, Problem, Route } from "../runtime/http_route.ts";
import { limits } from "../runtime/limits.ts";
import { checkFacts, checkMatchId, parseObject, readBody, traceOf } from "./feed_request.ts";
import type { Intake } from "./intake.ts";
import type { WebhookProviders } from "./providers/webhook.ts";
import { refusedReply, submissionReply } from "./submission_reply.ts";
import type { SignatureVerdict } from "./webhook_signature.ts";

export interface FeedRouteParts {
  webhooks: WebhookProviders;
  intake: Pick<Intake, "submit">;
  events: BusinessEvents;
  clock: Clock;
}

export function feedRoutes(parts: FeedRouteParts): Route[] {
  return [
    {
      method: "POST",
      path: "/api/feed/:provider",
      answer: (request) => answerFeed(parts, request),
    },
  ];
}

async function answerFeed(parts: FeedRouteParts, request: HttpRequest): Promise<HttpReply> {
  const { webhooks, intake, events, clock } = parts;
  const receivedAt = clock.now();
  const provider = request.params.provider!;
  if (!webhooks.knows(provider)) return refusedReply(events, unknownProvider(provider));

  const body = await readBody(request);
  if ("problem" in body) return refusedReply(events, body.problem);

  const verdict = webhooks.check(provider, request.headers, body.read, receivedAt);
  if (verdict !== "valid") return refusedReply(events, unsigned(verdict));

  const object = parseObject(body.read);
  if ("problem" in object) return refusedReply(events, object.problem);
  const match = checkMatchId(object.read.match);
  if ("problem" in match) return refusedReply(events, match.problem);
  const facts = checkFacts(object.read.facts);
  if ("problem" in facts) return refusedReply(events, facts.problem);

  return await submissionReply(intake, events, {
    provider,
    matchId: match.read,
    values: facts.read,
    receivedAt,
    trace: traceOf(request.headers),
  });
}

function unknownProvider(provider: string): Problem {
  return {
    status: 404,
    code: "unknownProvider",
    detail: `Cannot take facts from a provider without a secret here: found ` +
      JSON.stringify(provider.slice(0, 32)),
  };
}

function unsigned(verdict: Exclude<SignatureVerdict, "valid">): Problem {
  const refusals = {
    missing: {
      code: "signatureMissing",
      found: "webhook-id, webhook-timestamp and webhook-signature are needed, one is absent",
    },
    malformed: {
      code: "signatureWrong",
      found: "webhook-timestamp must be whole seconds and webhook-signature hold v1,<base64>",
    },
    tooOld: {
      code: "signatureOld",
      found: `webhook-timestamp must be within ${limits.webhookAgeMsMax / 1000} s of the ` +
        "server's clock",
    },
    wrong: {
      code: "signatureWrong",
      found: "no signature fits the raw body under a secret of this provider",
    },
  };
  const { code, found } = refusals[verdict];
  return { status: 401, code, detail: `Cannot trust the request: ${found}` };
}
