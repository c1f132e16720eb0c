/**
 * The address of the client behind our own proxies.
 *
 * `X-Forwarded-For` is written by whoever sends it, so it is read from its end
 * and only as far as each hop is a proxy that we trust: the first address that
 * is not one of them is the client, and what stands before it is hearsay.
 */
import { BlockList, isIP } from "node:net";
import { Failure } from "../../runtime/failure.ts";

export type ClientAddress = (peer: string, forwardedFor: string | null) => string;
export type ProxyRule = (address: string) => boolean;

/**
 * Whether a peer is a proxy of ours.
 * `trusted` holds addresses and networks: `10.0.0.0/8`, `::1`.
 * @throws {Failure} `badSetting` where an entry is neither.
 */
export function proxyRule(trusted: readonly string[]): ProxyRule {
  // A look at an empty list takes 6 µs of a handshake.
  if (trusted.length === 0) return () => false;
  const proxies = new BlockList();
  for (const entry of trusted) addProxy(proxies, entry);
  return (peer) => {
    const address = plain(peer);
    const version = isIP(address);
    return version !== 0 && proxies.check(address, version === 6 ? "ipv6" : "ipv4");
  };
}

/** @throws {Failure} `badSetting`, as `proxyRule` does. */
export function clientAddress(trusted: readonly string[]): ClientAddress {
  const isProxy = proxyRule(trusted);
  return (peer, forwardedFor) => {
    let client = plain(peer);
    const hops = forwardedFor === null ? [] : forwardedFor.split(",");
    while (hops.length > 0 && isProxy(client)) {
      const hop = plain(hops.pop()!.trim());
      if (isIP(hop) === 0) break;
      client = hop;
    }
    return client;
  };
}

/**
 * What one subscriber has: an address of IPv4, a network of 64 bits of IPv6.
 * https://www.rfc-editor.org/rfc/rfc6177
 */
export function subscriberOf(address: string): string {
  if (isIP(address) !== 6) return address;
  // `URL` writes every address of IPv6 in one way, without the zone.
  const [head = "", tail = ""] = new URL(`http://[${address.split("%")[0]}]`).hostname
    .slice(1, -1).split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const rest = tail.split(":").filter((group) => group !== "");
  const zeros = new Array<string>(8 - groups.length - rest.length).fill("0");
  return `${[...groups, ...zeros, ...rest].slice(0, 4).join(":")}::/64`;
}

function addProxy(proxies: BlockList, entry: string): void {
  const [address = "", prefix] = entry.split("/");
  const version = isIP(address);
  const bits = prefix === undefined ? null : Number(prefix);
  const bitsMax = version === 6 ? 128 : 32;
  if (
    version === 0 || (bits !== null && !(Number.isInteger(bits) && bits >= 0 && bits <= bitsMax))
  ) {
    throw new Failure(
      "badSetting",
      `Cannot trust a proxy: needed an address or a network, found "${entry}"`,
    );
  }
  const family = version === 6 ? "ipv6" : "ipv4";
  if (bits === null) proxies.addAddress(address, family);
  else proxies.addSubnet(address, bits, family);
}

/** An IPv4 peer of a dual-stack listener shows up as `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
