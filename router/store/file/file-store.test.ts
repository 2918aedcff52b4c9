import { testControlStore } from "../control-store.contract.ts";
import { openFileStore } from "./file-store.ts";
import { scratchFolder } from "../scratch-folder.fixture.ts";

testControlStore(async (terms = {}) => {
  const folder = await scratchFolder();
  const store = await openFileStore({ dir: folder.path, ...terms });
  return {
    store,
    other: store,
    async [Symbol.asyncDispose]() {
      await store.close();
      await folder[Symbol.asyncDispose]();
    },
  };
});
