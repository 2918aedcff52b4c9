import { startAgent, type Agent } from "../../../loadtest/engine/agents/agent.ts";
import type { Flag, Given } from "../../arguments/flag.ts";
import { readCount } from "../../arguments/read-numbers.ts";
import { readNamedFile } from "../../arguments/read-named-file.ts";
import { wrong } from "../../arguments/wrong.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import type { Session, Verb } from "../session.ts";
import { untilAborted } from "../until-aborted.ts";

const host: Flag = {
  name: "--host",
  value: "HOST",
  help: "where it listens (default 127.0.0.1); elsewhere it needs a token",
};
const port: Flag = { name: "--port", value: "N", help: "its port (default 8600); 0: any free one" };
const tokenFile: Flag = {
  name: "--token-file",
  value: "FILE",
  help: "what coordinators must bring (default $CROSSFADE_AGENT_TOKEN)",
};
const certificate: Flag = { name: "--tls-certificate", value: "FILE", help: "PEM; with --tls-key" };
const key: Flag = { name: "--tls-key", value: "FILE", help: "PEM: its private key" };

export const agent: Verb = {
  name: "agent",
  takes: "--port N [--host HOST --token-file FILE]",
  summary: "lets this machine send its share of runs that others start",
  about: `Waits for runs that name it with --agents, and sends its share of each; one at a time. All agents of a run start
together, and their results are joined as if one machine had sent everything. When the run that commands it goes away, it
stops sending at once. Runs until Ctrl-C.`,
  examples: [
    { command: "agent --port 8600", does: "for runs from this machine" },
    {
      command: "agent --host 0.0.0.0 --token-file token",
      does: "for whoever has the token: it sends load to whatever it is told to",
    },
    {
      command: "run -t 10.0.0.1:8500 --rate 50000/s --agents 10.0.0.7:8600,10.0.0.8:8600",
      does: "a run from two of them",
    },
  ],
  flags: [host, port, tokenFile, certificate, key],
  async run(given, session) {
    await using started = await start(given, session);
    session.terminal.print(`${started.address}\n`);
    session.terminal.complain("waiting for runs; Ctrl-C ends it\n");
    await untilAborted(session.terminal.signal);
    return 0;
  },
};

async function start(given: Given, { terminal }: Session): Promise<Agent> {
  const token = (readNamedFile(given, tokenFile, terminal) ?? "").trim();
  const { CROSSFADE_AGENT_TOKEN: fromEnv = "" } = terminal.env;
  const wanted = token === "" ? fromEnv.trim() : token;
  const certificates = readCertificates(given, terminal);
  const onHost = given.value(host);
  try {
    return await startAgent({
      port: readCount(given, port, [0, 65_535]) ?? 8_600,
      ...(onHost !== undefined && { host: onHost }),
      ...(wanted !== "" && { token: wanted }),
      ...(certificates && { certificates }),
      onRun: (name, outcome) => terminal.complain(`${outcome}: ${name}\n`),
    });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

function readCertificates(given: Given, terminal: Terminal) {
  const own = readNamedFile(given, certificate, terminal);
  const ownKey = readNamedFile(given, key, terminal);
  if ((own === undefined) !== (ownKey === undefined))
    throw wrong("--tls-certificate and --tls-key need each other");
  return own !== undefined && ownKey !== undefined ? { certificate: own, key: ownKey } : undefined;
}
