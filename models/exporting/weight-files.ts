import type { Content, PartsFolder } from "./parts-folder.ts";

/** Writes the files that graphs read, each once however many graphs ask for it. */
export interface WeightFiles {
  /** @param files As graphs name them; those that are none of these are passed over. */
  write(files: readonly string[]): Promise<void>;
}

export interface WeightContents<Name extends string> {
  readonly parts: Readonly<Record<Name, string>>;
  /** Each named after its part. */
  readonly files: Readonly<Record<Name, string>>;
  readonly contents: Readonly<Record<Name, () => Content>>;
}

export function createWeightFiles<Name extends string>(
  folder: PartsFolder,
  { parts, files, contents }: WeightContents<Name>,
): WeightFiles {
  const written = new Set<Name>();
  return {
    async write(asked) {
      for (const name of Object.keys(files) as Name[]) {
        if (!asked.includes(files[name]) || written.has(name)) continue;
        written.add(name);
        const part = parts[name];
        const extension = files[name].slice(part.length + 1);
        await folder.add(part, extension, contents[name]());
      }
    },
  };
}
