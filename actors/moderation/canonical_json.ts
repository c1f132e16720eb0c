/**
 * JSON in one spelling: names sorted, nothing between the signs. Two values that
 * are equal are the same bytes, whoever made them and in whichever order, so
 * they can be compared and hashed. What is undefined is absent, as in JSON.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  const fields = value as Record<string, unknown>;
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined).sort();
  return `{${
    names.map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name])}`).join()
  }}`;
}
