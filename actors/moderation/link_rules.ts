/**
 * Links in a message: only hosts of the allow-list pass. A host counts in its
 * ASCII form, so a name in foreign letters that looks like an allowed one is
 * another host (`xn--…`), and what stands before an `@` is nobody's host.
 *
 * A bare `name.tld` is a link if the ending is one that people register, so
 * that a missing space after a full stop is none. One walk over the words.
 */

import { spelledHosts } from "./spelled_links.ts";

export type LinkFinding = "unlisted" | "scheme" | undefined;

/** Where football is shown and told; each with all its subdomains. */
export const linkHosts: readonly string[] = [
  ..."fifa.com uefa.com the-afc.com cafonline.com conmebol.com concacaf.com premierleague.com"
    .split(" "),
  ..."laliga.com bundesliga.com ligue1.com legaseriea.it theifab.com youtube.com youtu.be".split(
    " ",
  ),
  ..."wikipedia.org bbc.co.uk bbc.com reuters.com marca.com lequipe.fr kicker.de globo.com".split(
    " ",
  ),
];

const ENDINGS = new Set(
  ("com net org info biz io co tv me gg ly to cc ru su ua cn uk de fr es br pt it nl eu us ca in xyz " +
    "live link app top club site online bet win vip stream shop store fun icu pro click casino porn sex")
    .split(" "),
);
const SCHEMES = new Set(["javascript", "data", "vbscript", "file", "blob"]);

/** `common`: words before which a dot that is spelled out is no host's. */
export function linkFinding(
  text: string,
  hosts: readonly string[],
  common: ReadonlySet<string>,
): LinkFinding {
  if (!/[.:。．｡]|dot|p[ou]/i.test(text)) return undefined;
  let finding: LinkFinding;
  const plain = text.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  for (const word of [...plain.split(/\s/), ...spelledHosts(plain, common)]) {
    const link = linkOf(word);
    if (link === "scheme") return link;
    if (link !== undefined && !isListed(link, hosts)) finding = "unlisted";
  }
  return finding;
}

/** A word's URL or bare host, `scheme` for what no browser should open. */
function linkOf(word: string): string | undefined {
  const colon = word.indexOf(":");
  const scheme = word.slice(0, Math.max(colon, 0)).toLowerCase().replace(/[^a-z]/g, "");
  if (SCHEMES.has(scheme)) return "scheme";
  const start = word.indexOf("//", colon);
  if (colon >= 0 && start === colon + 1) return `https:${word.slice(start)}`;
  const host = word.split(/[/?#:]/, 1)[0]!.replaceAll("。", ".");
  const labels = trimmed(host).split(".");
  const ending = labels.at(-1)!;
  const isHost = labels.length > 1 && labels.every((label) => label !== "") &&
    ENDINGS.has(ending.toLowerCase()) &&
    // `Goal.To me` lacks a space; a host is written in one case.
    (ending === ending.toLowerCase() || host === host.toUpperCase());
  return isHost ? `https://${trimmed(host)}` : undefined;
}

function trimmed(word: string): string {
  let start = 0;
  let end = word.length;
  const isEdge = (sign: string) => "\"'()[]{}<>,.;!?…«»“”".includes(sign);
  while (start < end && isEdge(word[start]!)) start += 1;
  while (end > start && isEdge(word[end - 1]!)) end -= 1;
  return word.slice(start, end);
}

function isListed(link: string, hosts: readonly string[]): boolean {
  const url = URL.parse(link);
  if (url === null || url.username !== "" || url.password !== "") return false;
  const host = url.hostname.endsWith(".") ? url.hostname.slice(0, -1) : url.hostname;
  return hosts.some((listed) => host === listed || host.endsWith(`.${listed}`));
}
