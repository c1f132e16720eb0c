/**
 * What every HTTP answer says about itself to a browser.
 *
 * Our pages load scripts and styles as files from here and nothing from
 * elsewhere, are shown in nobody's frame, and talk to gateways by WebSocket,
 * which may stand at other addresses.
 */
import { limits } from "../../runtime/limits.ts";

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self' ws: wss:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Only where the client came by https: over http a browser must not believe it (RFC 6797, 7.2). */
export const STRICT_TRANSPORT: Readonly<Record<string, string>> = {
  "strict-transport-security": `max-age=${limits.strictTransportSeconds}`,
};

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};
