import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type CgroupLimits, readCgroup } from "./cgroup.ts";

const MiB = 1024 * 1024;

test.each<[string, Record<string, string>, CgroupLimits]>([
  ["nothing to read, as outside of Linux", {}, {}],
  [
    "version 2, in a container",
    {
      "proc/self/cgroup": "0::/\n",
      "sys/fs/cgroup/cpu.max": "150000 100000\n",
      "sys/fs/cgroup/memory.max": `${512 * MiB}\n`,
    },
    { cpus: 1.5, memoryBytes: 512 * MiB },
  ],
  [
    "version 2 without limits",
    {
      "proc/self/cgroup": "0::/\n",
      "sys/fs/cgroup/cpu.max": "max 100000\n",
      "sys/fs/cgroup/memory.max": "max\n",
    },
    {},
  ],
  [
    "version 2, groups within groups",
    {
      "proc/self/cgroup": "0::/kubepods/pod:1/app\n",
      "sys/fs/cgroup/kubepods/cpu.max": "800000 100000\n",
      "sys/fs/cgroup/kubepods/pod:1/cpu.max": "200000 100000\n",
      "sys/fs/cgroup/kubepods/pod:1/app/cpu.max": "max 100000\n",
      "sys/fs/cgroup/kubepods/memory.max": `${4096 * MiB}\n`,
      "sys/fs/cgroup/kubepods/pod:1/app/memory.max": `${1024 * MiB}\n`,
    },
    { cpus: 2, memoryBytes: 1024 * MiB },
  ],
  [
    "version 1, with the path of the host",
    {
      "proc/self/cgroup":
        "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n",
      "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000\n",
      "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": `${256 * MiB}\n`,
    },
    { cpus: 0.5, memoryBytes: 256 * MiB },
  ],
  [
    "version 1 without limits",
    {
      "proc/self/cgroup": "2:memory:/\n1:cpu:/\n",
      "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    },
    {},
  ],
  [
    "both versions, memory in one and CPUs in the other",
    {
      "proc/self/cgroup": "4:memory:/vm/1\n0::/\n",
      "sys/fs/cgroup/unified/cpu.max": "300000 100000\n",
      "sys/fs/cgroup/memory/vm/1/memory.limit_in_bytes": `${128 * MiB}\n`,
    },
    { cpus: 3, memoryBytes: 128 * MiB },
  ],
])("reads %s", (_, files, limits) => {
  const root = mkdtempSync(join(tmpdir(), "crossfade-cgroup-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    expect(readCgroup(root)).toEqual(limits);
  } finally {
    rmSync(root, { recursive: true });
  }
});
