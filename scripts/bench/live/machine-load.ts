import { cpus, loadavg } from "node:os";

/** How busy the machine is, and by whom, since the watching began. */
export interface MachineLoad {
  /** Says it in a line. */
  describe(): string;
  /** Share of all cores that went to processes other than the bench's own. */
  othersShare(): number;
}

/** @param ownCpuMs CPU time so far of all processes that are measured or measure. */
export function watchMachine(ownCpuMs: () => number): MachineLoad {
  const start = { ...totals(), ownMs: ownCpuMs() };
  const shares = () => {
    const now = totals();
    const allMs = Math.max(1, now.allMs - start.allMs);
    const busy = 1 - (now.idleMs - start.idleMs) / allMs;
    return { busy, others: Math.max(0, busy - (ownCpuMs() - start.ownMs) / allMs) };
  };
  return {
    othersShare: () => shares().others,
    describe() {
      const { busy, others } = shares();
      const load = loadavg().map((value) => value.toFixed(1));
      const what = `${percent(busy)} busy, ${percent(others)} by others`;
      return `machine: ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${what}, load ${load.join(" ")}`;
    },
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
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
