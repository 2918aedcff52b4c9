import type { Flag } from "../arguments/flag.ts";

/** What there is to say to an import; all but the catalogue is found out where it is not said. */
export const family: Flag = {
  name: "--family",
  value: "FAMILY",
  help: "what kind of model it is; sequence, the only one that can be imported, is the default",
};
export const catalogue: Flag = {
  name: "--catalogue",
  value: "FILE",
  help: "the items in the order of the model's ids: id,title[,count] as CSV or TSV, with a line of names first; a column index says the order otherwise",
};
export const out: Flag = {
  name: "--out",
  value: "DIR",
  help: "folder of the bundle, MODELS/MODEL/VERSION; must not be there yet",
};
export const dryRun: Flag = {
  name: "--dry-run",
  help: "tell what was understood, and write nothing; --out and --catalogue may be left out",
};

export const ends: readonly Flag[] = [
  { name: "--input", value: "NAME", help: "the input that takes the sequence of item ids" },
  { name: "--output", value: "NAME", help: "the output to recommend by: scores, or vectors" },
  { name: "--mask", value: "NAME", help: "an input that is set where there is an item" },
  { name: "--padding-mask", value: "NAME", help: "an input that is set where there is padding" },
  { name: "--lengths", value: "NAME", help: "an input that says how many items there are" },
  { name: "--user", value: "NAME", help: "an input that takes the user's id" },
  {
    name: "--head",
    value: "NAME",
    help: "the matrix of the file that vectors are multiplied with, where the model leaves that to others; default: the one where ids become vectors",
  },
];

export const padding: Flag = {
  name: "--padding",
  value: "SIDE",
  help: "left or right: on which side sequences were padded in training",
};
export const paddingId: Flag = {
  name: "--padding-id",
  value: "ID",
  help: "the model's id that stands for no item",
};
export const firstId: Flag = {
  name: "--first-id",
  value: "ID",
  help: "the model's id of the catalogue's first item: 1 where 0 is padding, else 0",
};
export const maxLength: Flag = {
  name: "--max-length",
  value: "N",
  help: "the longest sequence that it was trained with; of longer ones the last items count",
};
export const users: Flag = {
  name: "--users",
  value: "FILE",
  help: "the users in the order of the model's ids, one id a line",
};
export const firstUser: Flag = {
  name: "--first-user",
  value: "ID",
  help: "the model's id of the first user; default 1, or 0 where --unknown-user is not 0",
};
export const unknownUser: Flag = {
  name: "--unknown-user",
  value: "ID",
  help: "the model's id for users that it does not know; default 0",
};
export const samples: Flag = {
  name: "--samples",
  value: "FILE",
  help: 'sequences to measure by, JSON lines: {"sequence":["a","b"],"next":"c"}, next may be left out; default: made up',
};
export const variants: Flag = {
  name: "--variants",
  value: "NAMES",
  help: "forms to write beside fp32; default qint8,edge",
};
export const idType: Flag = {
  name: "--id-type",
  value: "TYPE",
  help: "auto, string or int: whether ids are numbers in JSON; auto: when all are",
};
export const allowBatchDependence: Flag = {
  name: "--allow-batch-dependence",
  help: "serve in batches a model whose answers differ by what else is in the batch; without it such a model is served one request at a time",
};

export const lastItemOnly: Flag = {
  name: "--last-item-only",
  help: "the model is meant to answer by the last item of a sequence alone; without it such a model is refused, since one of [length, batch] looks the same",
};

export const importFlags: readonly Flag[] = [
  family,
  catalogue,
  out,
  dryRun,
  ...ends,
  padding,
  paddingId,
  firstId,
  maxLength,
  lastItemOnly,
  users,
  firstUser,
  unknownUser,
  samples,
  variants,
  idType,
  allowBatchDependence,
];
