import { createNameCache } from "../../../proto/name-cache.ts";
import { peekReply, peekResults, type PeekedReply } from "../../../proto/peek-reply.ts";
import { Code } from "../../../proto/serving-error.ts";
import type { Workload } from "../../workload.ts";
import { readJsonReply, readJsonResults } from "./read-json-answers.ts";

/** What a reply says of one answer. Overwritten by the next. */
export interface Answer {
  /** Of a batch, of one result; others are OK. */
  code: Code;
  /** "" where it does not say. */
  arm: string;
  backend: string;
  isDegraded: boolean;
}

/** Tells of each answer in a reply. Throws when it cannot be read. */
export type ReadAnswers = (reply: Uint8Array, see: (answer: Readonly<Answer>) => void) => void;

/** Undefined where replies are not looked into. */
export function createReadAnswers({ call, replies }: Workload): ReadAnswers | undefined {
  if (replies === "opaque") return undefined;
  const isBatch = replies === "batch-recommend";
  if (call.transport === "http") return isBatch ? readJsonResults : readJsonReply;
  return isBatch ? readResults() : readReply();
}

function readReply(): ReadAnswers {
  const readOne = createPeekedReader();
  return (reply, see) => see(readOne(reply, Code.OK, peekReply(reply)));
}

function readResults(): ReadAnswers {
  const readOne = createPeekedReader();
  return (reply, see) => peekResults(reply, (code, peeked) => see(readOne(reply, code, peeked)));
}

/** Names repeat: the same string for the same bytes, without making one. */
function createPeekedReader() {
  const armOf = createNameCache("routed.arm");
  const backendOf = createNameCache("served.backend");
  const answer = { code: Code.OK as Code, arm: "", backend: "", isDegraded: false };
  return (reply: Uint8Array, code: Code, peeked: PeekedReply): Answer => {
    answer.code = code;
    answer.arm = armOf(reply, peeked.armStart, peeked.armEnd);
    answer.backend = backendOf(reply, peeked.backendStart, peeked.backendEnd);
    answer.isDegraded = peeked.isDegraded;
    return answer;
  };
}
