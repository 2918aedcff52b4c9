import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** `npm run bench -- NAME [args]`: runs one benchmark; without a name it lists them. */
const benches: Readonly<Record<string, string>> = {
  scoring: "full-catalogue scoring: rescored int8 against fp32, beside the limits of the machine",
  sequence: "a sequence model against a plain export of it by PyTorch",
  wide: "a catalogue of 2,000,000 x 512 in int8: memory while it loads and serves, one row against memory",
  batching: "rows per second at the Backend against raw ONNX Runtime",
  serve: "the server process: CPU per request and batch calls, against canned replies",
  saturation: "the server process under more than it can take: memory, goodput, refusals",
  swaps: "100 hot swaps under load: failed calls, memory",
  router: "the hop through the router: CPU and latency beside nginx, haproxy and none",
  observing: "what a router takes to see where its queries go",
  rollout: "a change of weights until every router goes by it, through a real Redis",
  client: "the gRPC clients: CPU per unary call, beside h2load and ghz",
  feedback: "feedback while what keeps it is killed: every acknowledged event exactly once",
  "side-by-side": "the same servers measured by crossfade loadtest and by ghz",
  codec: "the hot-path codec against generated code",
  names:
    "from the bytes of a name to its grams and its item: CPU per name, beside a pass over them",
  "loadtest-truth":
    "200 runs against servers that know their own latencies: none may be wrong and not say so",
};

interface Bench {
  run(args: string[]): Promise<void>;
}

async function main([name, ...args]: string[]): Promise<void> {
  if (name === undefined || !Object.hasOwn(benches, name)) {
    const list = Object.entries(benches).map(([known, about]) => `  ${known.padEnd(12)}${about}`);
    console.error(["usage: npm run bench -- NAME [args]", ...list].join("\n"));
    process.exitCode = 2;
    return;
  }
  // Loaded by name, so that one benchmark's imports are nothing to the others.
  const file = new URL(`./${name}.ts`, import.meta.url);
  if (!existsSync(file)) {
    console.error(`the benchmark ${name} is not written yet: ${fileURLToPath(file)} is missing`);
    process.exitCode = 2;
    return;
  }
  await ((await import(file.href)) as Bench).run(args);
}

await main(process.argv.slice(2));
