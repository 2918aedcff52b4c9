import { ServingError } from "../../../proto/serving-error.ts";
import type { Schema } from "../../http/json/schema.ts";
import type { Writable } from "../../http/json/writable.ts";
import { json, type Incoming, type Operation, type Route } from "../../http/route.ts";
import { readJson } from "../../http/read-json.ts";
import { changeVerbs, type ChangeVerb } from "./json-changes.ts";
import {
  changeReply,
  explainReply,
  forgetReply,
  historyReply,
  listReply,
  lowerReply,
  simulateReply,
  statusReply,
} from "./json-replies.ts";
import { explainBody, forgetBody, lowerBody, simulateBody } from "./json-requests.ts";
import type { Operation as Rpc } from "./operations.ts";
import type { RolloutServiceParts } from "./rollout-service.ts";

const template = "/v1/rollouts/{model}";

type HandleBy = <Request, Reply>(
  rpc: Rpc<Request, Reply>,
  reply: Writable<Reply>,
  read: (incoming: Incoming) => Request,
) => Route["handle"];

/** The same as the gRPC service, in JSON. */
export function rolloutRoutes(parts: RolloutServiceParts): Route[] {
  const { operations, perform } = parts;
  const by: HandleBy = (rpc, reply, read) => async (incoming) => {
    const answer = await perform(rpc, incoming.call, () => read(incoming));
    return json(reply.write(answer, "string"));
  };
  return [
    {
      method: "GET",
      template: "/v1/rollouts",
      operation: tell(["listRollouts", "The rollouts of all models"], listReply),
      handle: by(operations.listRollouts, listReply, () => ({})),
    },
    rolloutRoute(parts, by),
    {
      method: "GET",
      template: `${template}/history`,
      operation: {
        ...tell(["getHistory", "What it was, newest first"], historyReply),
        query: { limit: wholeNumber("Default 20."), below: wholeNumber("A revision.") },
      },
      handle: by(operations.getHistory, historyReply, ({ params, query }) => ({
        model: params["model"]!,
        limit: readWhole(query, "limit"),
        below: readWhole(query, "below"),
      })),
    },
    ...changeVerbs.map((verb) => changeRoute(verb, parts, by)),
    ...askingRoutes(parts, by),
    {
      method: "POST",
      template: "/v1/routers:forget",
      operation: {
        ...tell(["forgetRouter", "A silent router that is dead for good"], forgetReply),
        request: forgetBody.schema,
      },
      handle: by(operations.forgetRouter, forgetReply, ({ body }) =>
        readJson(forgetBody, body, "string"),
      ),
    },
  ];
}

/** Once, or as lines for as long as somebody reads them. */
function rolloutRoute({ operations, watching }: RolloutServiceParts, by: HandleBy): Route {
  const once = by(operations.getRollout, statusReply, ({ params }) => ({
    model: params["model"]!,
  }));
  async function* lines({ call, params }: Incoming) {
    for await (const status of watching.open(call, async () => params["model"]!))
      yield statusReply.write(status, "string");
  }
  return {
    method: "GET",
    template,
    operation: {
      ...tell(["getRollout", "A rollout, and how far the routers are with it"], statusReply),
      query: { watch: { type: "boolean", description: "A line now and whenever it changes." } },
    },
    handle: (incoming) => (isWatch(incoming) ? { lines: lines(incoming) } : once(incoming)),
  };
}

function changeRoute(
  { name, summary, body }: ChangeVerb,
  { operations }: RolloutServiceParts,
  by: HandleBy,
): Route {
  return {
    method: "POST",
    template: `${template}:${name}`,
    operation: { ...tell([name, summary], changeReply), request: body.schema },
    handle: by(operations.changeRollout, changeReply, (incoming) => ({
      ...readJson(body, incoming.body, "string"),
      model: incoming.params["model"]!,
    })),
  };
}

/** What changes nothing in the store. */
function askingRoutes({ operations }: RolloutServiceParts, by: HandleBy): Route[] {
  return [
    {
      method: "POST",
      template: `${template}:explain`,
      operation: {
        ...tell(["explainUser", "Which arm a user has, and why"], explainReply),
        request: explainBody.schema,
      },
      handle: by(operations.explainUser, explainReply, ({ body, params }) => ({
        ...readJson(explainBody, body, "string"),
        model: params["model"]!,
      })),
    },
    {
      method: "POST",
      template: `${template}:simulate`,
      operation: {
        ...tell(["simulateWeights", "Who would move, and what load where"], simulateReply),
        request: simulateBody.schema,
      },
      handle: by(operations.simulateWeights, simulateReply, ({ body, params }) => ({
        ...readJson(simulateBody, body, "string"),
        model: params["model"]!,
      })),
    },
    {
      method: "POST",
      template: `${template}:lowerArm`,
      operation: {
        ...tell(["lowerArm", "This router alone, downwards only, for a time"], lowerReply),
        request: lowerBody.schema,
      },
      handle: by(operations.lowerArm, lowerReply, ({ body, params }) => ({
        ...readJson(lowerBody, body, "string"),
        model: params["model"]!,
      })),
    },
  ];
}

function tell(
  [id, summary]: readonly [id: string, summary: string],
  { schema }: { readonly schema: Schema },
): Operation {
  return { id, summary, replies: { 200: { description: "Done.", schema } } };
}

function isWatch({ query: { watch = "false" } }: Incoming): boolean {
  if (watch === "true" || watch === "false") return watch === "true";
  throw new ServingError("INVALID_ARGUMENT", `?watch is ${JSON.stringify(watch)}; send true`);
}

const wholeNumber = (description: string): Schema => ({ type: "integer", minimum: 0, description });

/** 0: it does not say. */
function readWhole(query: Incoming["query"], name: string): number {
  const digits = query[name] ?? "0";
  if (/^\d{1,15}$/.test(digits)) return Number(digits);
  const shown = JSON.stringify(digits.slice(0, 40));
  throw new ServingError("INVALID_ARGUMENT", `?${name} is ${shown}; send a whole number`);
}
