/**
 * Hosts that are written so that no link is seen: `example dot com`,
 * `example punto com`, `example (.) com`, `example . com`.
 *
 * A dot in brackets is meant, whatever follows. A dot as a word is also football's
 * and grammar's (`un punto es un punto`, `ponto de`), so there only endings count
 * that are no words, and an everyday word before it is no host (`the dot com boom`).
 */

const DOT_WORDS = new Set(["dot", "punto", "ponto", "punkt", "point"]);
const DOT_SIGNS =
  /^(?:\((?:\.|dot|punto|ponto|punkt|point)\)|\[(?:\.|dot|punto|ponto|punkt|point)\]|\{(?:\.|dot)\})$/;
/** Of the endings that people register, those that are no word of a chat. */
const ENDINGS = new Set("com org biz xyz gg ly io ru cc xxx".split(" "));
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;
const ENDING = /^[a-z]{2,6}/;
const MAYBE = /\bdot\b|\bpunto\b|\bponto\b|\bpunkt\b|\bpoint\b|[[({]\.[\])}]| \. /i;

/** As they would be written. */
export function spelledHosts(text: string, common: ReadonlySet<string>): string[] {
  if (!MAYBE.test(text)) return [];
  const words = text.toLowerCase().replace(/[[({](?:\.|dot)[\])}]/g, (dot) => ` ${dot} `)
    .split(/\s+/).filter((word) => word !== "");
  const hosts: string[] = [];
  for (let at = 1; at + 1 < words.length; at += 1) {
    const [name, dot, next] = [words[at - 1]!, words[at]!, words[at + 1]!];
    const isMeant = DOT_SIGNS.test(dot);
    if (!isMeant && dot !== "." && !DOT_WORDS.has(dot)) continue;
    const ending = ENDING.exec(next)?.[0] ?? "";
    const isHost = HOST.test(name) && (isMeant ? ending !== "" : ENDINGS.has(ending));
    if (isHost && !common.has(name)) hosts.push(`${name}.${ending}`);
  }
  return hosts;
}
