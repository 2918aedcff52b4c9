import { Code, codeFrom } from "../../../proto/serving-error.ts";
import type { ReadAnswers } from "./read-answers.ts";

/* The gateway's JSON. Decoding it costs more than asking, but it is the only way that a title cannot fool. */

interface JsonReply {
  readonly served?: { readonly backend?: string; readonly degraded?: string };
  readonly routed?: { readonly arm?: string; readonly degraded?: string };
}

interface JsonResults {
  readonly results?: readonly {
    readonly response?: JsonReply;
    readonly status?: { readonly code?: number };
  }[];
}

export const readJsonReply: ReadAnswers = (reply, see) => {
  see({ code: Code.OK, ...toldBy(parse(reply) as JsonReply) });
};

export const readJsonResults: ReadAnswers = (reply, see) => {
  for (const { response = {}, status } of (parse(reply) as JsonResults).results ?? [])
    see({ code: codeFrom(status?.code ?? 0), ...toldBy(response) });
};

function toldBy({ served, routed }: JsonReply) {
  return {
    arm: routed?.arm ?? "",
    backend: served?.backend ?? "",
    isDegraded: Boolean(served?.degraded) || Boolean(routed?.degraded),
  };
}

function parse(reply: Uint8Array): unknown {
  return JSON.parse(Buffer.from(reply.buffer, reply.byteOffset, reply.length).toString());
}
