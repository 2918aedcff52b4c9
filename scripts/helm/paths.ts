import { fileURLToPath } from "node:url";

const helm = fileURLToPath(new URL("../../helm/", import.meta.url));

export const chart = `${helm}crossfade`;
export const goldens = `${helm}golden`;
export const schemasFile = `${helm}schemas.json`;
export const argoFolder = fileURLToPath(new URL("../../deploy/argo-cd/", import.meta.url));

/** The environments that have an overlay: values-<name>.yaml, helm/golden/<name>.yaml. */
export const environments = ["staging", "canary", "production"] as const;
