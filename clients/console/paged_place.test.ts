import { expect, test } from "vitest";
import type { AuditPage, ModApi } from "./mod_api.ts";
import { PagedPlace } from "./paged_place.ts";

const PAGE = 3;

/** A log of so many rows, as the server pages it. */
function logOf(state: { rows: number }) {
  const asked: (number | null)[] = [];
  const audit = (_owner: string, before: number | null = null): Promise<AuditPage> => {
    asked.push(before);
    const top = before === null ? state.rows : before - 1;
    const numbers = Array.from({ length: Math.min(PAGE, top) }, (_, at) => top - at);
    const last = numbers.at(-1) ?? 1;
    const actions = numbers.map((number) => ({ owner: "global", row: { number } }));
    return Promise.resolve({ actions, before: last > 1 ? last : null } as AuditPage);
  };
  return { api: { audit } as unknown as ModApi, asked };
}

const settled = async () => {
  for (let turns = 0; turns < 10; turns++) await Promise.resolve();
};
const numbers = ({ audit }: PagedPlace) => audit?.actions.map(({ row }) => row.number);

test("older pages follow, and a new action leaves them where they are", async () => {
  const state = { rows: 7 };
  const { api, asked } = logOf(state);
  const place = new PagedPlace({ kind: "audit", id: "global" }, api, () => {});
  await settled();
  expect(numbers(place)).toEqual([7, 6, 5]);
  await Promise.all([place.more(), place.more()]);
  expect(numbers(place)).toEqual([7, 6, 5, 4, 3, 2]);
  expect(asked).toEqual([null, 5]);
  state.rows = 8;
  await place.refresh();
  expect(numbers(place)).toEqual([8, 7, 6, 5, 4, 3, 2]);
  await place.more();
  await place.more();
  expect(numbers(place)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  expect(place.audit?.before).toBeNull();
});
