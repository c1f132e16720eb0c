/**
 * Lines that people have labelled clean or abusive, from a file. The sets of the
 * project are frozen: a bench refuses to score a set whose bytes are not those of
 * frozen.json, as a set that grows with the lists proves nothing. `blind` is by
 * an author who never saw the lists, and whoever writes the lists never opens it;
 * `first` was blind before it, by the lists' own author.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Failure } from "../../runtime/failure.ts";

export interface LabelledLine {
  /** ISO 639. */
  lang: string;
  label: "clean" | "abusive";
  /** `clean`, `lookalike`, `abusive` or `disguised`; of a stranger's set its label. */
  kind: string;
  text: string;
}

export type FrozenSet = "tuning" | "first" | "blind";

/** A frozen file keeps its name: the one that was blind first is still called so. */
const FILES = { tuning: "tuning.tsv", first: "blind.tsv", blind: "second_blind.tsv" };

/** Of the project's own. @throws {Failure} `setChanged` */
export function frozenSet(name: FrozenSet): LabelledLine[] {
  const file = FILES[name];
  const bytes = readFileSync(pathOf(file));
  const hashes = JSON.parse(readFileSync(pathOf("frozen.json"), "utf8"));
  requireHash(file, bytes, hashes[file]);
  const rows = bytes.toString("utf8").trimEnd().split("\n");
  return rows.filter((row) => row !== "" && !row.startsWith("lang\t")).map((row) => {
    const [lang, label, kind, text] = row.split("\t") as [string, string, string, string];
    return { lang, label: labelOf(label, file), kind, text: unescaped(text) };
  });
}

export function requireHash(file: string, bytes: Uint8Array, frozen: unknown): void {
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (hash === frozen) return;
  throw new Failure(
    "setChanged",
    `Cannot score ${file}: needed the frozen SHA-256 ${frozen}, found ${hash}`,
  );
}

/** A stranger's set: JSON lines `{text, lang, label}`. @throws {Failure} `corpusUnreadable` */
export function corpus(path: string): LabelledLine[] {
  const lines = readFileSync(path, "utf8").split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, index) => {
    const place = `${path}, line ${index + 1}`;
    let fields: Record<string, unknown>;
    try {
      fields = JSON.parse(line);
    } catch (cause) {
      throw new Failure("corpusUnreadable", `Cannot read ${place}: needed JSON`, { cause });
    }
    const { text, lang = "en", label } = fields ?? {};
    if (typeof text !== "string" || typeof lang !== "string") {
      throw new Failure(
        "corpusUnreadable",
        `Cannot read ${place}: needed {text, lang, label}, found ${line.slice(0, 80)}`,
      );
    }
    const known = labelOf(label, place);
    return { text, lang, label: known, kind: known };
  });
}

function labelOf(label: unknown, place: string): LabelledLine["label"] {
  if (label === "clean" || label === "abusive") return label;
  throw new Failure(
    "corpusUnreadable",
    `Cannot read ${place}: needed the label clean or abusive, found ${JSON.stringify(label)}`,
  );
}

/** Characters that no reviewer could see are written `\u{200b}`. */
function unescaped(text: string): string {
  return text.replace(
    /\\u\{([0-9a-f]+)\}/g,
    (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)),
  );
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
