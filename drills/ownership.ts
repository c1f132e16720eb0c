/**
 * Who owns which match, as the nodes say at their admin listeners.
 */
import type { ClusterGroup, Member } from "./cluster_group.ts";
import { until } from "./until.ts";

const SETTLE_MS_MAX = 20_000;
const PARTITIONS = 64;

interface Share {
  partitions: number;
  matches: string[];
}

/**
 * By node, once every node has its share of the partitions and each of the matches runs at one of
 * them; by chance a node may have none of the matches.
 */
export async function whoOwns(
  cluster: ClusterGroup,
  matches: readonly string[],
): Promise<Map<Member, string[]>> {
  let shares = new Map<Member, Share>();
  const isSettled = async () => {
    shares = await ask(cluster, matches);
    const all = [...shares.values()];
    const partitions = all.reduce((sum, share) => sum + share.partitions, 0);
    const running = all.flatMap((share) => share.matches);
    return partitions === PARTITIONS && all.every((share) => share.partitions > 0) &&
      running.length === matches.length && new Set(running).size === running.length;
  };
  await until("every partition and match has one owner", isSettled, SETTLE_MS_MAX)
    .catch((error) => {
      const running = [...shares.values()].flatMap((share) => share.matches);
      const missing = matches.filter((id) => !running.includes(id));
      const found = [...shares].map(([{ name, server }, share]) => {
        const running = `${name}: ${share.partitions} partitions, ${share.matches.join(" ")}`;
        return `${running}\n${server.complaints(missing)}`;
      });
      throw new Error(`${error.message}; nobody runs ${missing.join(" ")}\n${found.join("\n")}`);
    });
  return new Map([...shares].map(([node, share]) => [node, share.matches]));
}

async function ask(
  cluster: ClusterGroup,
  matches: readonly string[],
): Promise<Map<Member, Share>> {
  return new Map(
    await Promise.all(
      cluster.of("actors").map(async (node) => {
        const desk = cluster.desk(node);
        const [partitions, owned] = await Promise.all([desk.ownedPartitions(), desk.owners()]);
        const running = owned.filter(({ state, token }) => state === "running" && token !== null);
        const theirs = running.map(({ id }) => id).filter((id) => matches.includes(id));
        return [node, { partitions, matches: theirs }] as const;
      }),
    ),
  );
}
