import type { Writable } from "../../server/http/json/writable.ts";

/** A reply as the admin API's JSON has it, so that what reads the one reads the other. */
export function plain<Message>(reply: Writable<Message>, message: Message): Plain {
  return JSON.parse(reply.write(message, "string")) as Plain;
}

/** What JSON and YAML can say. */
export type Plain = Readonly<Record<string, unknown>>;
