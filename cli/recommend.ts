import { readFile } from "node:fs/promises";
import {
  RecommendRequest,
  RecommendResponse,
  type Served,
} from "../proto/gen/crossfade/v1/recommender.ts";
import { nameOf, ServingError } from "../proto/serving-error.ts";
import { renderFlags } from "../server/config/render-help.ts";
import type { ConfigOf, Schema } from "../server/config/schema.ts";
import { duration, optional, path, set, text, whole } from "../server/config/setting.ts";
import { openChannel } from "../transport/open.ts";
import type { ChannelOptions } from "../transport/transport.ts";
import { splitRepeats } from "./arguments/split-repeats.ts";
import type { Command } from "./command.ts";
import { readFlags } from "./read-flags.ts";
import { readTrack } from "./read-track.ts";
import { printable } from "./terminal/printable.ts";

const settings = {
  target: set(text("host:port or unix:/path"), "127.0.0.1:8500", "router or server that is asked"),
  model: optional(text("a name"), "which model"),
  user: optional(text("an id"), "for whom; absent: somebody unknown"),
  history: optional(
    text("ids with commas between"),
    "what was chosen before, oldest first; sequence models need it",
  ),
  track: optional(
    text('"Artist - Title", or a title alone'),
    "a track of the playlist so far, which the model need not know; give one flag for each",
  ),
  topK: set(whole({ min: 1, max: 1_000 }), 10, "how many"),
  deadlineMs: set(duration({ min: 1, max: 3_600_000 }), 5_000, "how long it may take"),
  tlsAuthority: optional(path, "PEM file; talk TLS, to whom this authority signed a certificate"),
  tlsCertificate: optional(path, "PEM file of what is shown, where certificates are asked for"),
  tlsKey: optional(path, "PEM file of its private key"),
};

interface Config extends ConfigOf<typeof settings> {
  readonly tracks: readonly string[];
}

const schema: Schema<typeof settings> = {
  settings,
  rulesBroken: ({ model, tlsAuthority, tlsCertificate, tlsKey }) => [
    ...(model === undefined ? ["of which model? give --model"] : []),
    ...((tlsCertificate === undefined) === (tlsKey === undefined)
      ? []
      : ["tlsCertificate and tlsKey need each other"]),
    ...(tlsCertificate !== undefined && tlsAuthority === undefined
      ? ["tlsCertificate needs tlsAuthority"]
      : []),
  ],
};

const command = "crossfade recommend";

export const recommend: Command = {
  summary: "asks for one recommendation, to see that there are some",
  help: () => `Makes one Recommend call, and prints what comes back: id, score, title and artist, best first.
With --track, what was chosen before, by name or by id, is not recommended again.

  ${command} --target router:8500 --model playlists --user u7
  ${command} --target router:8500 --model tracks --history t402,t1402
  ${command} --target router:8500 --model songs --track "Miles Davis - So What" --track Naima

${renderFlags(settings)}

Exit codes: 0 something was recommended, 1 nothing was, 2 called wrongly.
`,
  async run(args) {
    const flags = splitRepeats(args, "--track");
    const config = readFlags(schema, { command, args: flags.args });
    if (config === undefined) return 2;
    const tracks = config.track === undefined ? [] : [config.track, ...flags.more];
    try {
      return tell(await ask({ ...config, tracks }));
    } catch (error) {
      const { code, message } = ServingError.from(error);
      process.stderr.write(printable(`${command}: ${nameOf(code)}: ${message}\n`));
      return 1;
    }
  },
};

async function ask(config: Config): Promise<RecommendResponse> {
  const { target, model = "", user = "", topK, deadlineMs } = config;
  const history = config.history?.split(",") ?? [];
  using channel = openChannel(target, await readTls(config));
  const tracks = config.tracks.map(readTrack);
  const request = RecommendRequest.fromPartial({
    model,
    userId: user,
    history,
    tracks,
    excludeHistory: tracks.length > 0,
    topK,
  });
  const reply = await channel.unary(
    "/crossfade.v1.RecommenderService/Recommend",
    RecommendRequest.encode(request).finish(),
    { deadlineMs: performance.now() + deadlineMs },
  );
  return RecommendResponse.decode(reply);
}

async function readTls({ tlsAuthority, tlsCertificate, tlsKey }: Config): Promise<ChannelOptions> {
  if (tlsAuthority === undefined) return {};
  const serverAuthority = await readText(tlsAuthority);
  if (tlsCertificate === undefined || tlsKey === undefined) return { serverAuthority };
  const [certificate, key] = await Promise.all([readText(tlsCertificate), readText(tlsKey)]);
  return { serverAuthority, certificates: { certificate, key } };
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new ServingError("INVALID_ARGUMENT", `${file} cannot be read: ${cause.code}`, { cause });
  });
}

function tell({ items, served, routed }: RecommendResponse): number {
  for (const { id, score, title, artist } of items) {
    const by = artist === "" ? "" : `\t${printable(artist)}`;
    process.stdout.write(`${printable(id)}\t${score}\t${printable(title)}${by}\n`);
  }
  const arm = routed === undefined ? "" : `, arm ${routed.arm}`;
  const known = served === undefined ? "" : whatItKnew(served);
  process.stderr.write(
    printable(
      `${items.length} by version ${served?.modelVersion} on ${served?.backend}${arm}${known}\n`,
    ),
  );
  return items.length > 0 ? 0 : 1;
}

function whatItKnew({ coldStart, tracks, unknownCount, unknownIds }: Served): string {
  const stranger = coldStart ? ", to whom it does not know" : "";
  const named =
    tracks &&
    `; of the tracks ${tracks.known} known, ${tracks.matched} matched by name, ${tracks.new} new`;
  const more = unknownCount > unknownIds.length ? ", …" : "";
  const unknown =
    unknownCount > 0 ? `; of the ids ${unknownCount} unknown: ${unknownIds.join(", ")}${more}` : "";
  return `${named ?? stranger}${unknown}`;
}
