import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect } from "vitest";
import { createHost } from "../../backends/host.ts";
import { silentMeter } from "../../backends/meter.ts";
import { createPuppet, type Puppet } from "../../backends/puppet.ts";
import type { PartFiles } from "../../models/bundle/part-files.ts";
import { ServingError } from "../../proto/serving-error.ts";
import { createLog } from "../log/log.ts";
import { createModelHolder } from "../model-holder.ts";
import type { Load } from "../model-version.ts";
import { createModelRepository } from "./model-repository.ts";

const info = {
  family: "two-tower",
  variant: "fp32",
  itemCount: 1,
  created: new Date(0),
  overlapAt10: 1,
  idType: "string" as const,
};

/** Loads a word at a time, as a machine does models. */
function createLoading(events: string[]) {
  const puppets = new Map<string, Puppet>();
  const contents = new Map<string, string>();
  /** What became of the files of versions, by name. */
  const written = new Map<string, "same" | "other">();
  let loading = 0;

  const load: Load = async (dir) => {
    const [folder, version] = [basename(dirname(dir)), basename(dir)];
    expect((loading += 1)).toBe(1);
    events.push(`try ${folder}/${version}`);
    await new Promise(setImmediate);
    loading -= 1;
    const content = contents.get(`${folder}/${version}`);
    if (content === "large") throw new ServingError("RESOURCE_EXHAUSTED", "memory is short");
    if (content === "bad") throw new Error("checksum of weights.bin is wrong");
    const model = content === "good" ? folder : content!;
    const backend = createPuppet({ model, version });
    puppets.set(`${model}/${version}`, backend);
    const files: PartFiles = {
      overwritten: async () => (written.has(`${model}/${version}`) ? ["weights.f32"] : []),
      async verify() {
        if (written.get(`${model}/${version}`) === "other")
          throw new Error("checksum of weights.f32 is wrong");
        written.delete(`${model}/${version}`);
      },
    };
    return { model, version, backend, info, files };
  };
  return { load, puppets, contents, written };
}

/** A folder of models whose bundles hold a word: "good", "bad", "large", or the name of another model. */
export async function openRepository({ keep = 2 } = {}) {
  const root = await mkdtemp(join(tmpdir(), "crossfade-models-"));
  const stop = new AbortController();
  const host = createHost();
  const lines: string[] = [];
  const events: string[] = [];
  const { load, puppets, contents, written } = createLoading(events);
  const log = createLog({ isPretty: false, write: (line) => lines.push(line) });
  const holder = createModelHolder({
    host,
    load,
    log,
    loadOptions: {
      signal: stop.signal,
      meterFor: () => silentMeter,
      lost: () => {},
      abandoned: () => {},
    },
    observer: {
      loaded: ({ model, version }) => events.push(`loaded ${model}/${version}`),
      unloaded: ({ model, version }) => events.push(`unloaded ${model}/${version}`),
      failed: () => events.push("failed"),
    },
  });
  const { signal } = stop;
  const used = new Map<string, ReadonlySet<string>>();
  const inUse = (model: string) => used.get(model) ?? new Set<string>();
  const repository = createModelRepository({ root, holder, keep, inUse, pollMs: 5, log, signal });
  return {
    root,
    repository,
    stop,
    puppets,
    written,
    contents,
    used,
    said: (text: string) => lines.filter((line) => line.includes(text)),
    errors: () => lines.filter((line) => line.includes('"error"')),
    events: () => events.splice(0),
    held: () => host.list().map(({ model, version }) => `${model}/${version}`),
    /** Arrives whole, by rename, as bundles do. */
    async put(name: string, content = "good") {
      contents.set(name, content);
      const aside = join(root, `.${name.replace("/", "-")}`);
      await mkdir(aside, { recursive: true });
      await writeFile(join(aside, "bundle.json"), content);
      await mkdir(join(root, dirname(name)), { recursive: true });
      await rm(join(root, name), { recursive: true, force: true });
      await rename(aside, join(root, name));
    },
    remove: (name: string) => rm(join(root, name), { recursive: true }),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await host.close();
      await rm(root, { recursive: true });
    },
  };
}
