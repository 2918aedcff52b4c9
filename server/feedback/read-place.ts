import { readFile } from "node:fs/promises";
import { parseStoreAddress } from "../../router/store/store-address.ts";
import { feedbackPassword, type StreamPlace } from "./stream/stream-settings.ts";

/** Where feedback is kept: a folder, or a stream with what it takes to reach it. */
export type Place = { readonly dir: string } | { readonly stream: StreamPlace };

export interface PlaceConfig {
  readonly feedback: string;
  readonly feedbackPasswordFile?: string | undefined;
  readonly feedbackTlsAuthority?: string | undefined;
}

export async function readPlace(config: PlaceConfig): Promise<Place> {
  const { feedback, feedbackPasswordFile: file, feedbackTlsAuthority: authority } = config;
  if (!feedback.includes("://")) return { dir: feedback };
  const address = parseStoreAddress(feedback, feedbackPassword);
  const password =
    file === undefined ? process.env[feedbackPassword] : (await readFile(file, "utf8")).trim();
  const tls = authority === undefined ? undefined : { ca: await readFile(authority, "utf8") };
  return { stream: { address, password, tls } };
}
