/** Arguments with the first of a repeated flag in its place, for readers that take a flag once, and the values of the others. */
export interface SplitRepeats {
  readonly args: readonly string[];
  readonly more: readonly string[];
}

/** @param flag E.g. "--track", given as `--track value` or `--track=value`. */
export function splitRepeats(args: readonly string[], flag: string): SplitRepeats {
  const kept: string[] = [];
  const more: string[] = [];
  let isThere = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const next = args[at + 1];
    const isInline = arg.startsWith(`${flag}=`);
    const isRepeat = isThere && (isInline || (arg === flag && next !== undefined));
    isThere ||= isInline || arg === flag;
    if (!isRepeat) {
      kept.push(arg);
      // What follows a flag is its value, whatever it looks like.
      if (arg.startsWith("--") && !arg.includes("=") && next !== undefined) kept.push(args[++at]!);
    } else if (isInline) more.push(arg.slice(flag.length + 1));
    else more.push(args[++at]!);
  }
  return { args: kept, more };
}
