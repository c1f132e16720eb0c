/** The bearer token that a request shows (RFC 6750); empty where it shows none. */
import type { RequestHeaders } from "../../runtime/http_route.ts";

export function bearerToken(headers: RequestHeaders): string {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
}
