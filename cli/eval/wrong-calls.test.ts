import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readArguments } from "../arguments/read-arguments.ts";
import { words } from "../loadtest/cli.fixture.ts";
import { runCli } from "./cli.fixture.ts";
import { evaluation } from "./eval.ts";
import { evalVerb } from "./eval-verb.ts";

const folder = mkdtempSync(join(tmpdir(), "crossfade-eval-"));
afterAll(() => rmSync(folder, { recursive: true }));
const files = {
  "fine.txt": "u1 a\nu1 b\nu1 c\n",
  "empty.txt": "",
  "bad.jsonl": '{"user":"u1","sequence":["a"],"target":"b"}\n{"user":"u1"}\n',
  "none.jsonl": "{\n",
  "bad.tsv": "u1\ta,b\tc\nu2\ta\n",
  "bad.txt": "u1 a\nu1\n",
  "reference.jsonl": '{"user_id":1,"sequence":[1],"top":[]}\n',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

const at = "-t 127.0.0.1:1 -m movies";
const all = `${at} -p sampled -d F/fine.txt`;

test.each([
  ["", "say what is tested: --target HOST:PORT"],
  ["now", 'eval takes flags alone, got "now"'],
  ["-t 127.0.0.1:1 -p sampled", "say which model is asked: --model NAME"],
  ["-t localhost -m a -p full", '--target is "localhost"; it must be HOST:PORT'],
  ["-t a:1,b:1 -m a -p full", "--target takes one address; --compare takes others"],
  [`${at} --modle x`, "there is no option --modle; did you mean --model?"],
  [at, "say how it is asked: --protocol sampled|full|1-vs-50|candidates-20|playlist"],
  [`${at} -p samplde`, '--protocol is "samplde"; did you mean sampled?'],
  [`${at} -p sampled`, "say which data is asked about: --dataset NAME"],
  [`${at} -p sampled -d ml-1`, 'there is no data set and no file "ml-1"; did you mean ml-1m?'],
  [`${at} -p sampled -d F/empty.txt`, 'expected at least one line, got ""'],
  [`${at} -p sampled -d F/bad.jsonl`, 'bad.jsonl:2: expected {"user":…,"sequence":[…],"target":…}'],
  [`${at} -p sampled -d F/none.jsonl`, 'none.jsonl:1: expected JSON, got "{"'],
  [`${at} -p sampled -d F/bad.tsv`, "bad.tsv:2: expected a user, items with commas between"],
  [`${at} -p sampled -d F/bad.txt`, 'bad.txt:2: expected "user item", got "u1"'],
  [`${at} -p playlist -d F/fine.txt`, "--protocol playlist needs playlists, and fine.txt has"],
  [`${at} -p sampled -d ml-1m`, "ml-1m_sas.txt: it is not there. It comes from data/ml-1m.txt"],
  [`${at} -p candidates-20 -d llara-lastfm`, "It comes from data/ref of LLaRA's public code"],
  [`${all} --users 0`, '--users is "0"; it must be a whole number from 1'],
  [`${all} --in-flight 5000`, '--in-flight is "5000"'],
  [`${all} --gate HR@10`, '--gate is "HR@10"; it must be a figure, >= or <=, and a number'],
  [`${all} --gate HR@11>=0.8`, "sampled has HR@1, HR@5, HR@10, NDCG@5, NDCG@10, MRR, each of"],
  [`${all} --gate kept.HR@10>=0.8`, "each of sampled"],
  [`${all} --gate overlap@10>=0.9`, "with --compare also overlap@10"],
  [`${all} -c movies`, 'two of what is compared are called "movies"'],
  [`${all} -c a:1,,b`, "has nothing between two commas"],
  [`${all} -c armm=canary`, "there is no armm=; there is arm= and name="],
  [`${all} -c a:99999`, '--compare is "a:99999"; it must be HOST:PORT'],
  [`${all} --tls-authority F/gone.pem`, "cannot read --tls-authority"],
  [`${at} --reference F/gone.jsonl`, "cannot read --reference"],
  [
    `${at} --reference F/reference.jsonl`,
    'expected {"user_id":…,"sequence":[…],"top":[[id, score],…]}',
  ],
  [`${at} --reference F/reference.jsonl -p full --users 3`, "--protocol, --users: --reference is"],
  [all, "UNAVAILABLE: cannot connect to 127.0.0.1:1"],
])("%s", async (line, message) => {
  const env = { CROSSFADE_DATA: folder };
  const ran = await runCli(words(line.replaceAll("F/", `${folder}/`)), { env });
  expect(ran.complained).toContain(message);
  expect([ran.code, ran.printed]).toEqual([2, ""]);
});

test("help has every option, and examples that it understands", () => {
  const help = evaluation.help([]);
  for (const { name } of evalVerb.flags) expect(help).toContain(name);
  for (const { command } of evalVerb.examples) {
    const [name, ...args] = words(command);
    expect([name, readArguments(args, evalVerb.flags).words]).toEqual(["eval", []]);
  }
});
