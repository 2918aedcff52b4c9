import { testBackend } from "./backend.contract.ts";
import { modelBackend } from "./model-backend.ts";
import { createPuppetEngine } from "./puppet-engine.ts";
import { computeToy, createToyFamily, toyRequest } from "./toy-family.ts";

const good = [
  ...["ann", "bob", "cy", "dee"].map((user) => toyRequest(user)),
  toyRequest("eve", 3),
  toyRequest(""),
];

testBackend("model backend", {
  async open() {
    const engine = createPuppetEngine({ compute: computeToy });
    engine.perform();
    const backend = modelBackend({ model: "toy", version: "3", family: createToyFamily(), engine });
    return { backend, model: "toy", version: "3", good };
  },
  async openHung() {
    const engine = createPuppetEngine({ compute: computeToy });
    const backend = modelBackend({ model: "toy", version: "3", family: createToyFamily(), engine });
    return { backend, model: "toy", version: "3", good, release: () => engine.perform() };
  },
});
