/**
 * One range of bytes out of a request's header (RFC 9110, 14).
 *
 * Several ranges, other units and what cannot be read are ignored, as the RFC
 * allows: the whole is sent.
 */
export interface ByteRange {
  first: number;
  /** Inclusive. */
  last: number;
}

export function parseRange(header: string, length: number): ByteRange | null | "unsatisfiable" {
  const [, from = "", to = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header.trim()) ?? [];
  if (from === "" && to === "") return null;
  if (from === "") {
    const suffix = Number(to);
    if (suffix === 0 || length === 0) return "unsatisfiable";
    return { first: Math.max(0, length - suffix), last: length - 1 };
  }
  const first = Number(from);
  if (to !== "" && Number(to) < first) return null;
  if (first >= length) return "unsatisfiable";
  return { first, last: to === "" ? length - 1 : Math.min(Number(to), length - 1) };
}
