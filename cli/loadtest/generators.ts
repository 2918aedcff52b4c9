import { runOnAgents } from "../../loadtest/engine/agents/run-on-agents.ts";
import { run } from "../../loadtest/engine/run.ts";
import type { RunProgress } from "../../loadtest/run-progress.ts";
import { showLive } from "../../loadtest/live/show-live.ts";
import type { Flag, Given } from "../arguments/flag.ts";
import { readNamedFile } from "../arguments/read-named-file.ts";
import { wrong } from "../arguments/wrong.ts";
import { addressIn } from "./plan/target-flags.ts";
import type { Session } from "./session.ts";

const agents: Flag = {
  name: "--agents",
  value: "HOST:PORT",
  help: "machines that send, each with `loadtest agent`, instead of this one; with commas between them",
};
const tokenFile: Flag = {
  name: "--agent-token-file",
  value: "FILE",
  help: "what agents want to see (default $CROSSFADE_AGENT_TOKEN)",
};
const authority: Flag = {
  name: "--agent-tls-authority",
  value: "FILE",
  help: "PEM: talk TLS to agents whose certificate this authority signed",
};
const quiet: Flag = { name: "--quiet", short: "-q", help: "show nothing while it runs" };

/** Who sends the calls, and what is seen of it. */
export const senderFlags = [agents, tokenFile, authority, quiet] as const;

/** Runs plans from this process or from agents, and shows how it goes. */
export function openGenerators(given: Given, { terminal, live }: Session): typeof run {
  const addresses = given.value(agents)?.split(",");
  const checked = addresses?.map((address) => addressIn(address.trim(), agents));
  const env = terminal.env["CROSSFADE_AGENT_TOKEN"];
  const token = (readNamedFile(given, tokenFile, terminal) ?? env ?? "").trim();
  const serverAuthority = readNamedFile(given, authority, terminal);
  if (checked === undefined && (given.has(tokenFile) || given.has(authority)))
    throw wrong("--agent-token-file and --agent-tls-authority go with --agents");
  const isQuiet = given.has(quiet);

  return async (plan, options) => {
    const view = isQuiet
      ? undefined
      : showLive({ stream: live, env: terminal.env, title: plan.name });
    const watched = {
      signal: terminal.signal,
      ...options,
      onProgress: (progress: RunProgress) => {
        view?.show(progress);
        options?.onProgress?.(progress);
      },
    };
    try {
      if (checked === undefined) return await run(plan, watched);
      return await runOnAgents(plan, {
        ...watched,
        agents: checked,
        ...(token !== "" && { token }),
        ...(serverAuthority !== undefined && { agentTls: { serverAuthority } }),
      });
    } finally {
      view?.end();
    }
  };
}
