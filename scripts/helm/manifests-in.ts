import { readFileSync } from "node:fs";
import { goldens, type environments } from "./paths.ts";
import { readManifests, type Manifest } from "./validate-manifests.ts";

/** What one environment is made of, as committed. */
export function goldenOf(environment: (typeof environments)[number]): readonly Manifest[] {
  return readManifests(readFileSync(`${goldens}/${environment}.yaml`, "utf8"));
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
}

/** The containers of everything that has a pod template, and of pods. */
export function containersIn(manifests: readonly Manifest[]): readonly Container[] {
  return manifests.flatMap((manifest) => {
    const spec = manifest["spec"] as Spec | undefined;
    return spec?.template?.spec?.containers ?? spec?.containers ?? [];
  });
}

interface Spec {
  readonly containers?: readonly Container[];
  readonly template?: { readonly spec?: { readonly containers?: readonly Container[] } };
}
