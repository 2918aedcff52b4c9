import { unknownModel } from "../../backends/identity.ts";
import type { ModelVersion } from "../../proto/gen/crossfade/v1/recommender.ts";
import type { HttpModels } from "./http-models.ts";
import { modelReply, modelsReply } from "./reply-types.ts";
import { json, type Route } from "./route.ts";

/** What is held, and whether it answers. */
export function modelRoutes(models: HttpModels): Route[] {
  return [
    {
      method: "GET",
      template: "/v1/models",
      operation: {
        id: "listModels",
        summary: "The models and versions that this endpoint answers for",
        replies: { 200: { description: "By model.", schema: modelsReply.schema } },
      },
      handle: () => json(modelsReply.write({ models: [...models.list()] }, "string")),
    },
    {
      method: "GET",
      template: "/v1/models/{model}",
      operation: {
        id: "getModel",
        summary: "One model: its versions and whether it answers",
        replies: { 200: { description: "Newest version first.", schema: modelReply.schema } },
      },
      handle: ({ params: { model = "" } }) =>
        json(modelReply.write(modelOf(model, models), "string")),
    },
  ];
}

function modelOf(model: string, models: HttpModels) {
  const all = models.list();
  const versions = all.filter((one) => one.model === model);
  if (versions.length === 0) throw unknownModel(model, namesOf(all));
  const ready = versions.some((one) => one.ready);
  const defaultVersion = versions.find((one) => one.isDefault)?.version;
  return { model, ready, defaultVersion, versions };
}

function namesOf(models: readonly ModelVersion[]): string[] {
  return [...new Set(models.map(({ model }) => model))];
}
