/**
 * Loaded into a Node before the program (`node --import`): notes each package
 * that anything asks for, and writes the list to $LOADED_PACKAGES at the end.
 */
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import process from "node:process";

const PACKAGE = /^.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)/;
const loaded = new Set<string>();

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const name = resolved.url.startsWith("node:") ? resolved.url : PACKAGE.exec(resolved.url)?.[1];
    if (name !== undefined) loaded.add(name);
    return resolved;
  },
});

process.on("exit", () => writeFileSync(process.env.LOADED_PACKAGES!, JSON.stringify([...loaded])));
