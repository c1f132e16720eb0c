/**
 * `deno task token SUBJECT [ROLE]`: a token to try a role with, for an hour.
 *
 * Signed as the development server with the same settings and the same data
 * folder believes it. In production tokens come from your sign-in.
 */
import { systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { exitProcess, printLine } from "../../runtime/platform.ts";
import { limits } from "../../runtime/limits.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { systemRandom } from "../../runtime/random.ts";
import { fail, readSources } from "../../supervisors/boot.ts";
import { parseConfig } from "../../supervisors/config.ts";
import { operatorToken } from "../../supervisors/operator_key.ts";
import { tokenSigner } from "../../supervisors/tokens.ts";

const ROLES = ["fan", "moderator", "operator", "feeder"] as const;

try {
  printLine(await makeToken());
} catch (error) {
  exitProcess(fail(error));
}

async function makeToken(): Promise<string> {
  const config = parseConfig(readSources());
  const [subject = "", asked = "fan", ...rest] = config.positional;
  const role = ROLES.find((role) => role === asked);
  if (subject === "" || role === undefined || rest.length > 0) {
    throw new Failure(
      "configInvalid",
      `Cannot make a token: needed SUBJECT and one of ${ROLES.join(", ")}, found ` +
        (config.positional.join(" ") || "nothing"),
    );
  }
  const signer = config.mode === "production" ? null : await tokenSigner({
    config,
    operatorToken: operatorToken(config.data, systemRandom),
    parts: { clock: systemClock, random: systemRandom, events: silentEvents },
  });
  if (signer === null) {
    throw new Failure(
      "configInvalid",
      "Cannot make a token: needed development and a secret key, found production or a JWKS URL",
    );
  }
  return (await signer.sign(subject, role, limits.guestTokenMs)).token;
}
