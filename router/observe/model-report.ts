import type { ModelReport } from "./router-report.ts";

/** Of one model, whatever its name is: "constructor" is one. */
export function modelReport(
  models: Readonly<Record<string, ModelReport>>,
  model: string,
): ModelReport | undefined {
  return Object.hasOwn(models, model) ? models[model] : undefined;
}
