/** The bearer token that a request shows (RFC 6750); empty where it shows none. */
export function bearerToken(headers: Headers): string {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
}
