import type { Terminal } from "../terminal/terminal.ts";
import { wrong } from "../arguments/wrong.ts";

/**
 * A distribution as JSON, out of a file with JSON or YAML. What `get -o json` or `get -o yaml` printed is taken as well: the
 * distribution in it.
 */
export async function readDistribution(path: string, terminal: Terminal): Promise<string> {
  const text = readText(path, terminal);
  const json = parseJson(text);
  const value = json === undefined ? await parseYaml(text, path) : json;
  const inner = innerOf(value);
  // As it was written, if it can be: the server then finds keys that are there twice.
  return json !== undefined && inner === json ? text : JSON.stringify(inner);
}

function readText(path: string, { readFile }: Terminal): string {
  try {
    return readFile(path);
  } catch (error) {
    throw wrong(`cannot read ${path}: ${(error as Error).message}`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function parseYaml(text: string, path: string): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    return (parse(text) ?? null) as unknown;
  } catch (error) {
    throw wrong(`${path} is neither JSON nor YAML: ${(error as Error).message}`);
  }
}

interface Wrapped {
  readonly rollout?: Wrapped;
  readonly distribution?: unknown;
}

function innerOf(value: unknown): unknown {
  const given = value as Wrapped | null | undefined;
  return given?.rollout?.distribution ?? given?.distribution ?? value;
}

/** Undefined for what has none: the server says what is wrong with it. */
export function modelIn(json: string): string | undefined {
  const { model } = (JSON.parse(json) ?? {}) as { readonly model?: unknown };
  return typeof model === "string" && model !== "" ? model : undefined;
}
