/** What is said where no model has a rollout. */
export const noRollouts =
  "no model has a rollout; `crossfade rollout set version stable=VERSION MODEL` begins one";
