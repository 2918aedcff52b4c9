import type { Side } from "../../eval/questions/question.ts";
import type { Given } from "../arguments/flag.ts";
import { readNamedFile } from "../arguments/read-named-file.ts";
import { wrong } from "../arguments/wrong.ts";
import {
  addressIn,
  metadataFlag,
  readMetadata,
  readTargets,
  targetFlag,
} from "../loadtest/plan/target-flags.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { compareFlag, modelFlag, nameFlag } from "./flags.ts";
import type { Flag } from "../arguments/flag.ts";

export const authorityFlag: Flag = {
  name: "--tls-authority",
  value: "FILE",
  help: "PEM: talk TLS to targets whose certificate this authority signed",
};

export const sideFlags = [targetFlag, modelFlag, nameFlag, metadataFlag, authorityFlag] as const;

const armHeader = "x-crossfade-arm";

/** What is evaluated, then what it is compared with. */
export function readSides(given: Given, terminal: Terminal): readonly Side[] {
  const first = readFirst(given, terminal);
  const sides = [first, ...given.values(compareFlag).map((text) => readOther(text, first))];
  const names = sides.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return sides;
  throw wrong(`two of what is compared are called "${twice}"; say name=TEXT or --name TEXT`);
}

function readFirst(given: Given, terminal: Terminal): Side {
  const targets = readTargets(given);
  if (targets.length > 1) throw wrong("--target takes one address; --compare takes others");
  const text = given.value(modelFlag);
  if (text === undefined) throw wrong("say which model is asked: --model NAME");
  const serverAuthority = readNamedFile(given, authorityFlag, terminal);
  return {
    name: given.value(nameFlag) ?? text,
    target: targets[0]!,
    ...modelIn(text),
    metadata: new Map(Object.entries(readMetadata(given))),
    ...(serverAuthority !== undefined && { serverAuthority }),
  };
}

function modelIn(text: string): Pick<Side, "model" | "version"> {
  const at = text.indexOf("@");
  return at < 0
    ? { model: text, version: "" }
    : { model: text.slice(0, at), version: text.slice(at + 1) };
}

/** What is not said is as with the first. */
function readOther(text: string, first: Side): Side {
  const parts = text.split(",").map((part) => part.trim());
  return parts.reduce<Side>((side, part) => readPart(part, side, text), {
    ...first,
    name: text,
  });
}

function readPart(part: string, side: Side, whole: string): Side {
  if (part === "") throw wrong(`--compare "${whole}" has nothing between two commas`);
  const [, key, value] = /^(\w+)=(.+)$/.exec(part) ?? [];
  if (key === "name") return { ...side, name: value! };
  if (key === "arm") {
    const metadata = new Map([...side.metadata, [armHeader, value!] as const]);
    return { ...side, metadata };
  }
  if (key !== undefined)
    throw wrong(`--compare "${whole}": there is no ${key}=; there is arm= and name=`);
  if (part.includes("@")) {
    const { model, version } = modelIn(part);
    return { ...side, model: model || side.model, version };
  }
  if (part.includes(":")) return { ...side, target: addressIn(part, compareFlag) };
  return { ...side, model: part, version: "" };
}
