import { datasetNames } from "../../eval/data/datasets.ts";
import { protocols } from "../../eval/protocols/protocols.ts";
import type { Flag } from "../arguments/flag.ts";

export const modelFlag: Flag = {
  name: "--model",
  short: "-m",
  value: "NAME",
  help: "which model is asked; NAME@VERSION pins a version",
};
export const nameFlag: Flag = {
  name: "--name",
  value: "TEXT",
  help: "what tables call it (default: the model)",
};
export const datasetFlag: Flag = {
  name: "--dataset",
  short: "-d",
  value: "NAME",
  help: `${datasetNames.join(", ")} from the folder that CROSSFADE_DATA names (default ../shared/data), or a file: a table with the columns user and item, JSON lines {"user","sequence","target"}, lines of user<TAB>items<TAB>target, or of "user item"`,
};
export const protocolFlag: Flag = {
  name: "--protocol",
  short: "-p",
  value: "NAME",
  help: protocols.map(({ name, summary }) => `${name}: ${summary}`).join("; "),
};
export const compareFlag: Flag = {
  name: "--compare",
  short: "-c",
  value: "WHAT",
  repeats: true,
  help: "also asks HOST:PORT, MODEL@VERSION, @VERSION or arm=NAME, or several of these with commas between; name=TEXT is what tables call it",
};
export const referenceFlag: Flag = {
  name: "--reference",
  value: "FILE",
  help: "instead of a protocol: replies must be what this reference.jsonl of a training says, to 1e-4",
};
export const usersFlag: Flag = {
  name: "--users",
  value: "N",
  help: "only so many users, drawn by --seed (default: all)",
};
export const seedFlag: Flag = {
  name: "--seed",
  value: "N",
  help: "of users, negatives and resamples (default 0)",
};
export const anonymousFlag: Flag = {
  name: "--anonymous",
  help: "tells no user ids: how those are served whom the model does not know",
};
export const inFlightFlag: Flag = {
  name: "--in-flight",
  value: "N",
  help: "calls on their way at a time (default 32)",
};
export const gateFlag: Flag = {
  name: "--gate",
  value: "CONDITION",
  repeats: true,
  help: 'what must hold, e.g. "HR@10>=0.81", "removed.NDCG@10>=0.13", "overlap@10>=0.96", "change HR@10<=0.005"; else it exits with 1',
};
export const jsonFlag: Flag = {
  name: "--json",
  value: "FILE",
  help: "every figure with its interval",
};
export const htmlFlag: Flag = {
  name: "--html",
  value: "FILE",
  help: "one page with plots that needs no network",
};
