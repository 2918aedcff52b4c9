import { learn } from "../baselines/learn.ts";
import type { PlaylistData, SequenceData } from "../data/dataset.ts";
import type { AnyProtocol } from "../protocols/protocols.ts";
import { everyPart } from "../statistics/standings.ts";
import { agreementFigures, changeOf, standingFigures } from "./gate-figures.ts";
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
  const ofParts = parts.flatMap(({ key, metrics, baselines }) => {
    const names = metrics.flatMap(({ name, isCurve }) => (isCurve ? [] : [name]));
    const compared = isComparing ? [...agreementFigures, ...names.map(changeOf)] : [];
    const beside = baselines.flatMap(standingFigures);
    return [...names, ...compared, ...beside].map((name): [string, string] => [key, name]);
  });
  const ofAll = parts[0]!.baselines
    .flatMap(standingFigures)
    .map((name): [string, string] => [everyPart, name]);
  return [...ofParts, ...ofAll];
}

const isBeside = (name: string) => /^(surely )?above /.test(name);

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
  const parts = [...new Set(known.map(([key]) => key))].filter((key) => key !== everyPart);
  const beside = figures.filter(isBeside).join(", ");
  const needs = isComparing ? "" : "; with --compare also overlap@10, same-top-1 and change METRIC";
  return (
    `--gate "${text}": ${protocol.name} has ${figures.filter((name) => !isBeside(name)).join(", ")}, ` +
    `each of ${parts.join(", ")}; the share of cells that are ${beside}, of each and of ${everyPart}${needs}`
  );
}
