import { onTestFinished } from "vitest";
import { testBackend } from "../backends/backend.contract.ts";
import { createRemote } from "../backends/remote/remote.ts";
import { toyRequest } from "../backends/toy-family.ts";
import { openModelsFolder, openPuppetServing } from "../server/puppet-serving.ts";

const good = ["ann", "bob", "cy"].map((user) => toyRequest(user));

/** A whole server with a puppet for a model, and a remote that has heard of it. */
async function openRemote(flags: Readonly<Record<string, string>> = {}) {
  const models = await openModelsFolder("toy/3");
  const served = await openPuppetServing({ flags: { models: models.path, ...flags } });
  await served.serving.started;
  const backend = createRemote({ address: served.serving.address });
  await backend.looked;
  onTestFinished(async () => {
    await backend.close();
    await served[Symbol.asyncDispose]();
    await models[Symbol.asyncDispose]();
  });
  return { backend, model: "toy", version: "3", good, puppet: served.puppets.get("toy/3")! };
}

testBackend("a server over the wire", {
  open: () => openRemote(),
  async openHung() {
    const subject = await openRemote();
    subject.puppet.hang();
    return { ...subject, release: () => subject.puppet.perform() };
  },
});
