/**
 * Which pages may open a socket here.
 *
 * A browser sends cookies and a page's Origin with every WebSocket handshake,
 * whoever wrote the page, so the Origin is compared whole with an allow-list;
 * no substring, no suffix. The gateway's own page is allowed, in production if it
 * came by https, as anybody between us could have written the other; and so is a
 * client without an Origin: it is no browser and holds nobody's cookies.
 */

export type OriginRule = (origin: string | undefined, host: string | undefined) => boolean;

/** In development an empty list allows every page; in production it allows none but our own. */
export function originRule(allowed: readonly string[], development: boolean): OriginRule {
  const listed = new Set(allowed);
  return (origin, host) => {
    if (origin === undefined) return true;
    if (listed.has(origin) || isOwn(origin, host, development)) return true;
    return development && listed.size === 0;
  };
}

function isOwn(origin: string, host: string | undefined, development: boolean): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const { host: originHost, protocol } = new URL(origin);
  return originHost === host.toLowerCase() &&
    (protocol === "https:" || (development && protocol === "http:"));
}
