import { spawn } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";

export interface GoBuild {
  /** The folder of the go.mod that pins everything. */
  readonly module: string;
  readonly main: string;
  readonly out: string;
  readonly linkerFlags: string;
}

const limitMs = 45 * 60_000;
const tellEveryMs = 30_000;
const lowPriority = 15;

/**
 * With two compilers at a time, and behind everything else on the machine. Rejects with Go's last words.
 * @param tell Hears now and then how many packages are compiled.
 */
export async function buildGoProgram(
  { module, main, out, linkerFlags }: GoBuild,
  tell: (compiled: number) => void,
): Promise<void> {
  const flags = ["-v", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", linkerFlags];
  const child = spawn("go", ["build", ...flags, "-o", out, main], {
    cwd: module,
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-p=2", GOWORK: "off" },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: limitMs,
  });
  const exited = once(child, "exit") as Promise<[number | null]>;
  if (child.pid !== undefined) setPriority(child.pid, lowPriority);
  const end = () => child.kill();
  process.once("exit", end);
  const lines: string[] = [];
  createInterface(child.stderr).on("line", (line) => lines.push(line));
  const telling = setInterval(() => tell(lines.length), tellEveryMs);
  try {
    const [code] = await exited;
    if (code === 0) return;
    const why = code === null ? `it took more than ${limitMs / 60_000} min` : `exit code ${code}`;
    throw new Error(`${why}: ${lines.slice(-3).join(" | ")}`);
  } finally {
    clearInterval(telling);
    process.removeListener("exit", end);
  }
}
