/**
 * How the text of a setting becomes its value, and what it has to look like.
 *
 * A type answers `undefined` for text that it cannot take; `needs` completes
 * the sentence "PORT needs …". Nothing is taken half: a setting that is almost
 * right stops the start instead of meaning something else.
 */
import { isIP } from "node:net";
import { isRedisUrl } from "../db/redis/redis_url.ts";

export interface SettingType<T> {
  needs: string;
  read(text: string): T | undefined;
  /** What may be printed of the value; all of it where absent. */
  redacted?(value: T): string;
}

export interface Address {
  host: string;
  port: number;
}

export function numberBetween(min: number, max: number, orElse?: number): SettingType<number> {
  const isFit = (value: number) => value === orElse || (value >= min && value <= max);
  return {
    needs: `a number from ${min} to ${max}${orElse === undefined ? "" : `, or ${orElse}`}`,
    read: (text) => /^\d+(\.\d+)?$/.test(text) && isFit(Number(text)) ? Number(text) : undefined,
  };
}

export const port: SettingType<number> = {
  needs: "a whole number from 0 to 65535 (0: any free port)",
  read: (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined,
};

export const host: SettingType<string> = {
  needs: "a host name or an address",
  read: (text) => isIP(text) > 0 || /^[a-z0-9.-]+$/i.test(text) ? text : undefined,
};

export const address: SettingType<Address> = {
  needs: "host:port, an IPv6 host in brackets",
  read(text) {
    const [, inBrackets, plain, digits] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
    const hostPart = inBrackets === undefined ? host.read(plain ?? "") : inBrackets;
    const portPart = port.read(digits ?? "");
    const isKnown = inBrackets === undefined || isIP(inBrackets) === 6;
    if (!hostPart || portPart === undefined || !isKnown) return undefined;
    return { host: hostPart, port: portPart };
  },
  redacted: (value) => `${isIP(value.host) === 6 ? `[${value.host}]` : value.host}:${value.port}`,
};

export function oneOf<const T extends string>(...words: T[]): SettingType<T> {
  return {
    needs: `one of ${words.join(", ")}`,
    read: (text) => words.find((word) => word === text),
  };
}

export function textLike(needs: string, pattern: RegExp): SettingType<string> {
  return { needs, read: (text) => pattern.test(text) ? text : undefined };
}

/** A URL with one of the schemes; a password in it is never shown. */
export function urlOf(...schemes: string[]): SettingType<string> {
  return {
    needs: `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
    read(text) {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      return url?.host && schemes.includes(url.protocol.slice(0, -1)) ? text : undefined;
    },
    redacted: (value) => value.replace(/\/\/[^/]*@/, "//***@"),
  };
}

export const redisUrl: SettingType<string> = {
  ...urlOf("redis", "rediss"),
  needs: "a URL that begins with redis:// or rediss:// (of a Cluster: //a:7000,b:7000/?cluster=1)",
  read: (text) => isRedisUrl(text) ? text : undefined,
};

/** Where keys come from must not be changed on the way: TLS, except on this machine. */
export const keysUrl: SettingType<string> = {
  needs: "a URL that begins with https:// (http:// on a loopback address only)",
  read(text) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? "");
    return url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback)
      ? text
      : undefined;
  },
  redacted: (value) => value.replace(/\/\/[^/]*@/, "//***@"),
};

/** Items separated by commas or blanks, each of which `item` takes. */
export function listOf(item: SettingType<string>): SettingType<string[]> {
  return {
    needs: `a list, separated by commas or blanks, of: ${item.needs}`,
    read(text) {
      const words = text.split(/[\s,]+/).filter((word) => word !== "");
      const values = words.map((word) => item.read(word)).filter((value) => value !== undefined);
      return values.length === words.length ? values : undefined;
    },
    redacted: (values) => values.join(" "),
  };
}

/** Compared whole with a handshake's Origin, so nothing but an origin will do. */
export const origin: SettingType<string> = {
  needs: "an origin such as https://fans.example, without a path",
  read(text) {
    // An app's own scheme (capacitor://localhost) has an origin, though URL calls it "null".
    const isApp = /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+$/.test(text);
    const isPage = /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
    return isApp || isPage ? text : undefined;
  },
};

export const network: SettingType<string> = {
  needs: "an address or a network such as 10.0.0.0/8",
  read(text) {
    const [ip = "", prefix, ...rest] = text.split("/");
    const bitsMax = isIP(ip) === 4 ? 32 : isIP(ip) === 6 ? 128 : 0;
    const isPrefix = prefix === undefined ||
      (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bitsMax);
    return bitsMax > 0 && isPrefix && rest.length === 0 ? text : undefined;
  },
};

/** HS256 wants a key as long as its hash (RFC 7518, 3.2). */
export const signingSecret: SettingType<string> = {
  needs: "a secret of at least 32 bytes",
  read: (text) => new TextEncoder().encode(text).length >= 32 ? text : undefined,
  redacted: () => "***",
};
