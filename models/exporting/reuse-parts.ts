import { createHash } from "node:crypto";
import type { Bundle } from "../bundle/bundle.ts";
import type { BundleDraft, NewPart, ReusedPart } from "../bundle/write-bundle.ts";

/** A draft that takes from an earlier bundle the parts that are the same, byte for byte: they are linked, and keep their version. */
export async function reuseParts(draft: BundleDraft, from: Bundle): Promise<BundleDraft> {
  const parts: Record<string, NewPart | ReusedPart> = {};
  for (const [name, part] of Object.entries(draft.parts)) {
    const before = from.manifest.parts[name];
    const isSame =
      !("from" in part) &&
      before?.file === part.file &&
      before.sha256 === (await sha256Of(part.content));
    parts[name] = isSame ? { from, part: name } : part;
  }
  return { ...draft, parts };
}

async function sha256Of(content: NewPart["content"]): Promise<string> {
  const hash = createHash("sha256");
  if (content instanceof Uint8Array) hash.update(content);
  else for await (const chunk of content) hash.update(chunk);
  return hash.digest("hex");
}
