import { testFamily } from "../models/family.contract.ts";
import { computeToy, createToyFamily, toyRequest } from "./toy-family.ts";

testFamily("toy", async () => ({
  family: createToyFamily(),
  good: [...["ann", "bob", "cy", ""].map((user) => toyRequest(user)), toyRequest("ann", 3)],
  run: async (feeds) => computeToy(feeds),
}));
