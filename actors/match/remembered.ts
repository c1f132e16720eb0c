/**
 * Functions of facts that remember what they made of each.
 *
 * A match is folded anew at every entry, and nearly all of its facts are as they
 * were. What follows from one fact alone, or from a fact and its correction, is
 * therefore made once and is the same object in every later fold, which also
 * makes two folds cheap to compare. What was made lives as long as its fact, and
 * what it says must never be changed.
 */

type Made = NonNullable<unknown> | null;

export function remembered<A extends object, R extends Made>(make: (a: A) => R): (a: A) => R {
  const made = new WeakMap<A, R>();
  return (a) => {
    const known = made.get(a);
    if (known !== undefined) return known;
    const result = make(a);
    made.set(a, result);
    return result;
  };
}

export function rememberedPair<A extends object, B extends object, R extends Made>(
  make: (a: A, b: B) => R,
): (a: A, b: B) => R {
  const withFirst = remembered((a: A) => remembered((b: B) => make(a, b)));
  return (a, b) => withFirst(a)(b);
}
