/**
 * Who owns which match, as the nodes say at their admin listeners.
 */
import type { ClusterGroup, Member } from "./cluster_group.ts";
import { until } from "./until.ts";

const SETTLE_MS_MAX = 20_000;

/** By node, once each of the matches runs at one of them and none of them has nothing. */
export async function whoOwns(
  cluster: ClusterGroup,
  matches: readonly string[],
): Promise<Map<Member, string[]>> {
  let owners = new Map<Member, string[]>();
  const isSettled = async () => {
    owners = await ask(cluster, matches);
    const shares = [...owners.values()];
    return shares.flat().length === matches.length && shares.every(({ length }) => length > 0);
  };
  await until("every match has an owner and every node a match", isSettled, SETTLE_MS_MAX)
    .catch((error) => {
      const shares = [...owners].map(([{ name }, ids]) => `${name}: ${ids.join(" ")}`);
      throw new Error(`${error.message}; found ${shares.join("; ")}`);
    });
  return owners;
}

async function ask(
  cluster: ClusterGroup,
  matches: readonly string[],
): Promise<Map<Member, string[]>> {
  const nodes = cluster.of("actors");
  return new Map(
    await Promise.all(nodes.map(async (node) => {
      const owned = await cluster.desk(node).owners();
      const running = owned.filter(({ state, token }) => state === "running" && token !== null);
      const theirs = running.map(({ id }) => id).filter((id) => matches.includes(id));
      return [node, theirs] as const;
    })),
  );
}
