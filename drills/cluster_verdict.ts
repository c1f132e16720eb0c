/**
 * The end of a cluster's drill: everything stops by itself, and what it left is
 * held against what was told and heard on each of the drill's days.
 */
import type { ClusterGroup } from "./cluster_group.ts";
import { readClusterHistory } from "./cluster_history.ts";
import type { RunReport } from "./drill_run.ts";
import { checkFences, type SupervisedLine } from "./history_checker.ts";
import type { Matchday } from "./matchday.ts";

/** The days are closed already; the stores still run. */
export async function judgeCluster(cluster: ClusterGroup, days: Matchday[]): Promise<RunReport> {
  const supervisors: SupervisedLine[] = [];
  for (const member of cluster.of("actors")) {
    supervisors.push(...await cluster.desk(member).supervisors());
  }
  const unclean = await cluster.stopAll();
  const stored = await readClusterHistory(cluster.redisUrl, cluster.databaseUrl);
  const findings = days.map((day) => day.check(stored, supervisors));
  const posted = days.flatMap(({ source }) => source.posted);
  const answered = (answer: string) => posted.filter((one) => one.answer === answer).length;
  const sum = (of: "entries" | "recovered" | "snapshots" | "takenBack") =>
    findings.reduce((total, found) => total + found[of], 0);
  return {
    violations: [
      ...unclean,
      ...checkFences(stored.fences),
      ...findings.flatMap(({ violations }) => violations),
    ],
    times: {},
    counts: {
      entries: sum("entries"),
      recovered: sum("recovered"),
      snapshots: sum("snapshots"),
      taken_back: sum("takenBack"),
      accepted: answered("accepted"),
      duplicate: answered("duplicate"),
      refused: answered("refused"),
      unanswered: answered("unknown"),
    },
    notes: {},
  };
}
