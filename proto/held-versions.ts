/** Metadata of ListModels: the versions that a router's arms have. A server keeps those loaded. */
export const heldVersionsKey = "x-crossfade-holds";

export interface HeldVersion {
  readonly model: string;
  readonly version: string;
}

/** Of one call: far below what metadata may have. */
const maxCharacters = 4_096;

/** As texts that fit into a call each: "playlists@1,playlists@2". None when nothing is held. */
export function writeHeldVersions(versions: readonly HeldVersion[]): readonly string[] {
  const texts: string[] = [];
  for (const one of new Set(versions.map(({ model, version }) => `${model}@${version}`))) {
    const last = texts.at(-1);
    const hasRoom = last !== undefined && last.length + 1 + one.length <= maxCharacters;
    if (hasRoom) texts[texts.length - 1] = `${last},${one}`;
    else texts.push(one);
  }
  return texts;
}

/** Passes over what is no version, and all of a text that no router writes. */
export function readHeldVersions(text: string): readonly HeldVersion[] {
  if (text.length > maxCharacters) return [];
  return text.split(",").flatMap((one) => {
    const [model, version, ...rest] = one.trim().split("@");
    return model && version && rest.length === 0 ? [{ model, version }] : [];
  });
}
