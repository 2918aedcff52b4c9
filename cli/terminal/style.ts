export type Paint = (text: string) => string;

/** Emphasis, where somebody looks at it. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly careful: Paint;
  readonly bad: Paint;
}

const paint =
  (code: number): Paint =>
  (text) =>
    `\u001B[${code}m${text}\u001B[0m`;
const plain: Paint = (text) => text;

const coloured: Style = {
  bold: paint(1),
  dim: paint(2),
  careful: paint(33),
  bad: paint(31),
};

export const colourless: Style = {
  bold: plain,
  dim: plain,
  careful: plain,
  bad: plain,
};

/** https://no-color.org: any value of NO_COLOR but an empty one means none. */
export function styleFor(isWatched: boolean, env: NodeJS.ProcessEnv): Style {
  const isOff = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return isWatched && !isOff ? coloured : colourless;
}
