import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { parseAllDocuments } from "yaml";
import { schemasFile } from "./paths.ts";
import type { StrictSchemas } from "./strict-schemas.ts";

/** An object for Kubernetes, as far as it is known before it is judged. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

/**
 * All objects of a file; empty documents aside. By YAML 1.1, as Kubernetes reads it: a bare `yes` is no text. Throws for what
 * is no YAML, and for a key that is there twice.
 */
export function readManifests(yaml: string): readonly Manifest[] {
  return parseAllDocuments(yaml, { version: "1.1", uniqueKeys: true }).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    const value = document.toJS() as Manifest | null;
    return value === null ? [] : [value];
  });
}

/** Complaints about objects, unknown fields and unknown kinds included; none when all is well. */
export type Judge = (manifests: readonly Manifest[]) => readonly string[];

/** By the committed schemas: no network, no tool. */
export function createJudge(): Judge {
  const { kinds, definitions } = JSON.parse(readFileSync(schemasFile, "utf8")) as StrictSchemas;
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true });
  const judges = new Map<string, ValidateFunction>();
  const judgeOf = (kind: string) => {
    const judge = judges.get(kind) ?? ajv.compile({ ...kinds[kind], definitions });
    judges.set(kind, judge);
    return judge;
  };
  return (manifests) =>
    manifests.flatMap((manifest) => {
      const { apiVersion, kind, metadata } = manifest;
      const named = `${kind} ${metadata?.name}`;
      if (kinds[`${apiVersion}/${kind}`] === undefined)
        return [`${named}: no schema of ${apiVersion}/${kind}; see scripts/helm/read-schemas.ts`];
      const judge = judgeOf(`${apiVersion}/${kind}`);
      return judge(manifest) ? [] : judge.errors!.map((error) => complaint(named, error));
    });
}

function complaint(
  named: string,
  { instancePath, message, params }: NonNullable<ValidateFunction["errors"]>[number],
): string {
  const field = (params as { additionalProperty?: string }).additionalProperty;
  return `${named}: ${instancePath} ${message}${field === undefined ? "" : `: ${field}`}`;
}
