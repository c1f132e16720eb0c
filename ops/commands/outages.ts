/**
 * `deno task outages`: writes the table of outages into ARCHITECTURE.md, from
 * what drills have left in drills/figures.json.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readFigures } from "../../drills/figures.ts";
import { withOutages } from "../outage_table.ts";

const path = fileURLToPath(new URL("../../ARCHITECTURE.md", import.meta.url));
writeFileSync(path, withOutages(readFileSync(path, "utf8"), readFigures()));
