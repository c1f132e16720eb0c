/**
 * The value under a name that somebody else chose: a user called `constructor`
 * has none before they were given one.
 */
export function ownValue<T>(all: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
