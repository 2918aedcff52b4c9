import { openDataFolder } from "../../eval/data/data-folder.ts";
import { readDataset } from "../../eval/data/datasets.ts";
import { assertFits, evaluate, type EvalPlan } from "../../eval/evaluate.ts";
import { parseGate, type Gate } from "../../eval/gates/gate.ts";
import { judgeGates, type JudgedGate } from "../../eval/gates/judge-gates.ts";
import { gateMisfit } from "../../eval/gates/known-figures.ts";
import { protocols, type AnyProtocol } from "../../eval/protocols/protocols.ts";
import { evalLines } from "../../eval/report/eval-lines.ts";
import { renderEval } from "../../eval/report/render-eval.ts";
import type { EvalResult } from "../../eval/result.ts";
import { writeOutputs } from "../../display/write-outputs.ts";
import { nearest } from "../../proto/nearest.ts";
import type { Given } from "../arguments/flag.ts";
import { readCount } from "../arguments/read-numbers.ts";
import { wrong } from "../arguments/wrong.ts";
import { createProgressBar } from "../progress-bar.ts";
import { styleFor } from "../terminal/style.ts";
import { printable } from "../terminal/printable.ts";
import * as flags from "./flags.ts";
import { readSides } from "./read-sides.ts";
import type { Session } from "./session.ts";

/** Exit codes: 0 done, 1 a gate is not met, 2 the figures prove nothing. */
export async function runProtocol(given: Given, session: Session): Promise<number> {
  const { terminal, progress } = session;
  const gates = readGates(given);
  const plan = readPlan(given, session);
  for (const gate of gates) assertGate(gate, plan);
  const bar = createProgressBar(
    `Asking ${plan.sides.map(({ name }) => name).join(", ")}`,
    progress,
  );
  const result = await evaluate({ ...plan, onProgress: (share) => bar.at(share) });
  bar.done();
  const judged = judgeGates(gates, result);
  const style = styleFor(terminal.isWatched, terminal.env);
  terminal.print(printable(`${evalLines(result, judged, style).join("\n")}\n`));
  const areWritten = await writeFiles(given, { result, judged }, session);
  if (result.invalid.length > 0 || !areWritten) return 2;
  return judged.every(({ isMet }) => isMet) ? 0 : 1;
}

function readPlan(given: Given, { terminal }: Session): EvalPlan {
  const sides = readSides(given, terminal);
  const protocol = readProtocol(given);
  const users = readCount(given, flags.usersFlag, [1, 10_000_000]);
  const seed = readCount(given, flags.seedFlag, [0, 2 ** 31 - 1]) ?? 0;
  const inFlight = readCount(given, flags.inFlightFlag, [1, 1_000]) ?? 32;
  const name = given.value(flags.datasetFlag);
  if (name === undefined) throw wrong("say which data is asked about: --dataset NAME");
  const folder = openDataFolder(terminal.env);
  const dataset = readDataset(name, { folder, readFile: terminal.readFile });
  assertFits(protocol, dataset);
  return {
    dataset,
    protocol,
    sides,
    ...(users !== undefined && { users }),
    seed,
    inFlight,
    isAnonymous: given.has(flags.anonymousFlag),
    signal: terminal.signal,
    onProgress: () => {},
  };
}

function readProtocol(given: Given): AnyProtocol {
  const asked = given.value(flags.protocolFlag);
  const names = protocols.map(({ name }) => name);
  if (asked === undefined) throw wrong(`say how it is asked: --protocol ${names.join("|")}`);
  const found = protocols.find(({ name }) => name === asked);
  if (found !== undefined) return found;
  const meant = nearest(asked, names);
  const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
  throw wrong(`--protocol is "${asked}"; ${hint}`);
}

function readGates(given: Given): readonly Gate[] {
  return given.values(flags.gateFlag).map((text) => {
    const gate = parseGate(text);
    if (gate !== undefined) return gate;
    throw wrong(`--gate is "${text}"; it must be a figure, >= or <=, and a number: "HR@10>=0.81"`);
  });
}

function assertGate(gate: Gate, { protocol, sides }: EvalPlan): void {
  const misfit = gateMisfit(gate, protocol, sides.length > 1);
  if (misfit !== undefined) throw wrong(misfit);
}

interface Judged {
  readonly result: EvalResult;
  readonly judged: readonly JudgedGate[];
}

async function writeFiles(
  given: Given,
  { result, judged }: Judged,
  { terminal }: Session,
): Promise<boolean> {
  const json = () => `${JSON.stringify({ ...result, gates: judged }, undefined, 2)}\n`;
  const outputs = [
    { path: given.value(flags.jsonFlag), text: json },
    { path: given.value(flags.htmlFlag), text: () => renderEval(result, judged) },
  ].flatMap(({ path, text }) => (path === undefined ? [] : [{ path, text: text() }]));
  return writeOutputs(outputs, {
    rescue: json(),
    stdout: (text) => terminal.print(text),
    stderr: (text) => terminal.complain(text),
  });
}
