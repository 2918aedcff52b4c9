import { cpus, loadavg } from "node:os";

/** How busy the machine is, whoever makes it so. */
export interface MachineLoad {
  /** Says it in a line. */
  describe(): string;
  /** Share of all cores that was busy since the watching began. */
  busyShare(): number;
}

export function watchMachine(): MachineLoad {
  const start = totals();
  const busyShare = () => {
    const now = totals();
    return 1 - (now.idleMs - start.idleMs) / Math.max(1, now.allMs - start.allMs);
  };
  return {
    busyShare,
    describe() {
      const load = loadavg().map((value) => value.toFixed(1));
      const busy = `${(100 * busyShare()).toFixed(0)}% busy`;
      return `machine: ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${busy} during the run, load ${load.join(" ")}`;
    },
  };
}

function totals() {
  let idleMs = 0;
  let allMs = 0;
  for (const { times } of cpus()) {
    idleMs += times.idle;
    for (const ms of Object.values(times)) allMs += ms;
  }
  return { idleMs, allMs };
}
