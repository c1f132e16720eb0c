/**
 * Runs one drill again and again and says what came of it.
 *
 * One JSON line a run and a last one for all. A drill whose faults were not
 * injected proves nothing, so their counters have to be above zero for `ok`.
 */
export interface RunReport {
  /** What was broken, one sentence each. */
  violations: string[];
  /** Milliseconds, by name; the last line has the median and the worst of all runs. */
  times: Record<string, number>;
  /** Counters, by name; the last line has their sums. */
  counts: Record<string, number>;
  /** Whatever else a reader wants to know of a run. */
  notes: Record<string, unknown>;
}

export interface Drill {
  name: string;
  /** The form of the product that it is for. */
  form: "embedded" | "cluster";
  /** Counters of injected faults: each must be above zero in the end. */
  faults: string[];
  run(seed: number, run: number): Promise<RunReport>;
  /** Ends what the runs shared, and says what only shows when all are over. */
  end?(): Promise<RunReport>;
}

export interface DrillOutcome {
  ok: boolean;
  counts: Record<string, number>;
  times: Record<string, { p50: number; p99: number; max: number }>;
  violations: string[];
}

export async function runDrill(
  drill: Drill,
  { seed, runs }: { seed: number; runs: number },
  print: (line: string) => void,
): Promise<DrillOutcome> {
  const reports: RunReport[] = [];
  for (let run = 1; run <= runs; run++) {
    const report = await drill.run(seed, run).catch(broken);
    reports.push(report);
    const { violations, times, counts, notes } = report;
    const ok = violations.length === 0;
    print(
      JSON.stringify({
        drill: drill.name,
        seed,
        run,
        ok,
        ...times,
        ...counts,
        ...notes,
        violations,
      }),
    );
  }
  if (drill.end !== undefined) reports.push(await drill.end().catch(broken));
  const counts = summed(reports.map((report) => report.counts));
  const notInjected = drill.faults.filter((name) => (counts[name] ?? 0) === 0);
  const violations = [
    ...reports.flatMap((report) => report.violations),
    ...notInjected.map((name) => `no fault was injected: ${name} is 0`),
  ];
  const outcome = {
    ok: violations.length === 0,
    counts,
    times: spread(reports.map((report) => report.times)),
    violations,
  };
  const { ok, times } = outcome;
  print(
    JSON.stringify({
      drill: drill.name,
      seed,
      runs,
      ok,
      ...flat(times),
      ...counts,
      not_injected: notInjected,
      violations,
    }),
  );
  return outcome;
}

/** A run that could not be run to its end has not held either. */
function broken(error: unknown): RunReport {
  const reason = error instanceof Error ? error.message : String(error);
  return { violations: [`the run broke off: ${reason}`], times: {}, counts: {}, notes: {} };
}

function summed(all: Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

function spread(all: Record<string, number>[]): DrillOutcome["times"] {
  const byName = new Map<string, number[]>();
  for (const times of all) {
    for (const [name, ms] of Object.entries(times)) {
      byName.set(name, [...(byName.get(name) ?? []), ms]);
    }
  }
  return Object.fromEntries([...byName].map(([name, values]) => {
    const inOrder = values.toSorted((a, b) => a - b);
    const at = (share: number) => inOrder[Math.ceil(share * inOrder.length) - 1]!;
    return [name, { p50: at(0.5), p99: at(0.99), max: at(1) }];
  }));
}

function flat(times: DrillOutcome["times"]): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, spread] of Object.entries(times)) {
    for (const [part, ms] of Object.entries(spread)) figures[`${name}_${part}`] = ms;
  }
  return figures;
}
