import { readVersion } from "../../cli/read-version.ts";
import type { WayToRun } from "./engine.ts";
import { limits } from "./limits.ts";
import { mustRun } from "./run-command.ts";

export interface Contents {
  readonly figures: Seen;
  readonly missed: readonly string[];
}

/** What a process in the image sees. */
interface Seen {
  readonly userId: number;
  readonly node: string;
  /** Each as "linux/x64". */
  readonly nativeLibraries: readonly string[];
  /** Packages that production does not need. */
  readonly strangers: readonly string[];
  readonly canWriteRoot: boolean;
  readonly version: string;
  readonly providers: readonly string[];
}

const look = `
import { existsSync, readdirSync, writeFileSync } from "node:fs";
const native = "/app/node_modules/onnxruntime-node/bin/napi-v6";
const canWrite = (file) => { try { writeFileSync(file, ""); return true; } catch { return false; } };
console.log(JSON.stringify({
  userId: process.getuid(),
  node: process.version,
  nativeLibraries: readdirSync(native).flatMap((os) => readdirSync(native + "/" + os).map((cpu) => os + "/" + cpu)),
  strangers: ["typescript", "vitest", "tsx", "oxlint", "puppeteer-core"].filter((name) => existsSync("/app/node_modules/" + name)),
  canWriteRoot: canWrite("/app/written") || canWrite("/written"),
}));`;

export async function inspectContents(way: WayToRun, image: string): Promise<Contents> {
  const run = (entry: readonly string[], args: readonly string[]) =>
    mustRun(
      way.engine.run(["run", "--rm", "--network=host", ...way.flags, ...entry, image, ...args]),
      `${image} ${args[0]}`,
    );
  const looked = run(["--entrypoint=node", "--read-only"], ["--input-type=module", "--eval", look]);
  const seen = JSON.parse(await looked) as Omit<Seen, "version" | "providers">;
  const version = await run([], ["--version"]);
  const providers = workingProviders(await run([], ["doctor", "--json"]));
  const figures = { ...seen, version, providers };
  return { figures, missed: judge(figures) };
}

interface Survey {
  readonly providers: readonly { provider: string; finding: { works: boolean } }[];
}

function workingProviders(json: string): readonly string[] {
  const { providers } = JSON.parse(json) as Survey;
  return providers.filter(({ finding }) => finding.works).map(({ provider }) => provider);
}

function judge(seen: Seen): readonly string[] {
  const { userId, nativeLibraries, strangers, canWriteRoot, version, providers } = seen;
  const wanted = `crossfade ${readVersion()}`;
  const lacks = ["cpu", "wasm"].filter((name) => !providers.includes(name));
  return [
    userId !== limits.userId && `it runs as user ${userId}, not ${limits.userId}`,
    nativeLibraries.length !== 1 && `it has native libraries of ${nativeLibraries.join(", ")}`,
    strangers.length > 0 && `it has what only development needs: ${strangers.join(", ")}`,
    canWriteRoot && "its user can write outside its volumes, though the root is read-only",
    version !== wanted && `it is ${version}, not ${wanted}`,
    lacks.length > 0 && `its doctor says that ${lacks.join(" and ")} do not work`,
  ].filter((line) => line !== false);
}
