import { learn } from "../baselines/learn.ts";
import type { PlaylistData, SequenceData } from "../data/dataset.ts";
import type { AnyProtocol } from "../protocols/protocols.ts";
import { agreementFigures, changeOf } from "./gate-figures.ts";
import type { Gate } from "./gate.ts";

/** What a gate may name before anything is asked: [part, figure]. */
function knownFigures(protocol: AnyProtocol, isComparing: boolean): readonly [string, string][] {
  const nothing = { name: "", training: [], notes: [] };
  const learnt = learn({ items: [], training: [], reach: 0, newest: 0 });
  const options = { learnt, seed: 0, family: "", isAnonymous: false };
  const sequences: SequenceData = { ...nothing, kind: "sequences", cases: [], items: [] };
  const playlists: PlaylistData = { ...nothing, kind: "playlists", tracks: [], playlists: [] };
  const parts =
    protocol.needs === "sequences"
      ? protocol.parts(sequences, options)
      : protocol.parts(playlists, options);
  return parts.flatMap(({ key, metrics }) => {
    const names = metrics.flatMap(({ name, isCurve }) => (isCurve ? [] : [name]));
    const compared = isComparing ? [...agreementFigures, ...names.map(changeOf)] : [];
    return [...names, ...compared].map((name): [string, string] => [key, name]);
  });
}

/** Undefined: there is such a figure. Else what there is instead. */
export function gateMisfit(
  { text, part, figure }: Gate,
  protocol: AnyProtocol,
  isComparing: boolean,
): string | undefined {
  const known = knownFigures(protocol, isComparing);
  if (known.some(([key, name]) => name === figure && (part === undefined || part === key)))
    return undefined;
  const figures = [...new Set(known.map(([, name]) => name))];
  const parts = [...new Set(known.map(([key]) => key))];
  const needs = isComparing ? "" : "; with --compare also overlap@10, same-top-1 and change METRIC";
  return `--gate "${text}": ${protocol.name} has ${figures.join(", ")}, each of ${parts.join(", ")}${needs}`;
}
