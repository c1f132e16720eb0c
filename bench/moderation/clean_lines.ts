/**
 * Thousands of lines that nobody should stop: what fans say with the names of
 * clubs, towns and players in it. The names are a list of the project's own,
 * among them those that filters trip over, and those of real matches in
 * `../shared/data` where that folder lies beside the project.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LabelledLine } from "./labelled_set.ts";

const MATCHES = fileURLToPath(new URL("../../../shared/data/matches/", import.meta.url));

/** One line a name and template, of which a name is put into every one. */
const TEMPLATES: Record<string, string[]> = {
  en: [
    "{} is playing so well today",
    "What a pass from {}!",
    "I was in {} last year, great ground",
  ],
  es: ["Qué partido de {}", "Gol de {} en el minuto 90"],
  fr: ["Quelle frappe de {} !", "Allez {}, encore un but"],
  pt: ["Que golaço de {}", "Boa noite, {} joga hoje?"],
  de: ["Starkes Spiel von {}", "Wann spielt {} wieder?"],
  ar: ["هدف جميل من {}"],
  zh: ["{}踢得真好"],
};

export interface CleanLines {
  lines: LabelledLine[];
  names: number;
  /** Of them, from real matches. */
  fromMatches: number;
}

export function cleanLines(): CleanLines {
  const own = readFileSync(fileURLToPath(new URL("names.txt", import.meta.url)), "utf8")
    .split("\n").map((name) => name.trim()).filter((name) => name !== "" && !name.startsWith("#"));
  const names = new Set(own);
  const ownCount = names.size;
  for (const name of namesOfMatches()) names.add(name);
  const lines = [...names].flatMap((name) =>
    Object.entries(TEMPLATES).flatMap(([lang, templates]) =>
      templates.map((template): LabelledLine => ({
        lang,
        label: "clean",
        kind: "name",
        text: template.replace("{}", name),
      }))
    )
  );
  return { lines, names: names.size, fromMatches: names.size - ownCount };
}

/** Every string of the files that is a name by the field that has it. */
function namesOfMatches(): Set<string> {
  const found = new Set<string>();
  for (
    const file of [
      "worldcup-2018-2022",
      "shootouts",
      "openfootball-goals",
      "wyscout-wc2018-euro2016",
    ]
  ) {
    const path = `${MATCHES}${file}.jsonl`;
    if (!existsSync(path)) continue;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (line !== "") collect(JSON.parse(line), found);
    }
  }
  return found;
}

const NAME_FIELDS = new Set(["name", "player", "city", "home", "away", "on", "off", "scorer"]);

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [field, inner] of Object.entries(value)) {
    if (typeof inner !== "string") collect(inner, found);
    else if (NAME_FIELDS.has(field) && inner.length > 2) found.add(inner.trim());
  }
}
