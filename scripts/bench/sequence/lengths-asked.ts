import { Random } from "../../../models/random.ts";
import type { Trained } from "../../../models/sequence/export/trained/read-trained.ts";

/** The lengths of sequences as they are asked about, cut to what the model takes; without a folder spread as ML-1M's are. */
export function lengthsAsked(trained: Trained, isInvented: boolean): readonly number[] {
  const { maxLength } = trained.architecture;
  const lengths = isInvented
    ? likeMovieLens()
    : trained.heldOut.map(({ history }) => history.length);
  return lengths.filter((length) => length > 0).map((length) => Math.min(length, maxLength));
}

/** Half have more than 96 items, few fewer than 18, a quarter more than 200. */
function likeMovieLens(): readonly number[] {
  const random = new Random(1);
  const gaussian = () =>
    Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());
  return Array.from({ length: 2_000 }, () => Math.max(18, Math.round(96 * Math.exp(gaussian()))));
}
