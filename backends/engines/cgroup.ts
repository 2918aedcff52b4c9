import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the control groups of this process allow; absent where they set no limit. */
export interface CgroupLimits {
  /** CPUs' worth of time, e.g. 1.5. */
  readonly cpus?: number;
  readonly memoryBytes?: number;
}

type Controller = "cpu" | "memory";

/** Version 1 cannot say "no limit"; it says a number that no machine has. */
const unlimitedBytes = 2 ** 60;

/** Of both versions; where groups lie within groups, the strictest counts. `root` holds proc/ and sys/. */
export function readCgroup(root = "/"): CgroupLimits {
  const cpus = foldersOf(root, "cpu").flatMap((folder) => {
    const [quota, period] = numbersIn(join(folder, "cpu.max"));
    const [quotaUs] = numbersIn(join(folder, "cpu.cfs_quota_us"));
    const [periodUs] = numbersIn(join(folder, "cpu.cfs_period_us"));
    return [quota! / period!, quotaUs! / periodUs!];
  });
  const bytes = foldersOf(root, "memory").flatMap((folder) => [
    ...numbersIn(join(folder, "memory.max")),
    ...numbersIn(join(folder, "memory.limit_in_bytes")),
  ]);
  const cpuLimit = strictest(cpus);
  const memoryLimit = strictest(bytes.filter((limit) => limit < unlimitedBytes));
  return {
    ...(cpuLimit !== undefined && { cpus: cpuLimit }),
    ...(memoryLimit !== undefined && { memoryBytes: memoryLimit }),
  };
}

/** Missing files, "max" and -1 are no limits: they come as NaN or below zero. */
function strictest(limits: readonly number[]): number | undefined {
  const real = limits.filter((limit) => limit > 0);
  return real.length === 0 ? undefined : Math.min(...real);
}

/** The group of this process and those around it, in the hierarchies of both versions. */
function foldersOf(root: string, controller: Controller): string[] {
  const mounts = join(root, "sys/fs/cgroup");
  return read(join(root, "proc/self/cgroup"))
    .split("\n")
    .flatMap((line) => {
      // "4:memory:/path" in version 1, "0::/path" in version 2.
      const [, controllers = "", ...path] = line.split(":");
      const group = path.join(":");
      if (controllers.split(",").includes(controller))
        return lineage(join(mounts, controller), group);
      if (!line.startsWith("0::")) return [];
      return [...lineage(mounts, group), ...lineage(join(mounts, "unified"), group)];
    });
}

/**
 * From the group up to where the hierarchy is mounted. In a container the path is often that of the host, and only
 * the mount itself is there to be seen.
 */
function lineage(mount: string, group: string): string[] {
  const parent = dirname(group);
  return [join(mount, group), ...(parent === group ? [] : lineage(mount, parent))];
}

function numbersIn(file: string): number[] {
  return read(file).trim().split(/\s+/).map(Number.parseFloat);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
