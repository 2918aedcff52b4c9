/** The arm that steps raise: the one named "canary", or else the second. */
export function canaryOf<Arm extends { readonly name: string }>({
  arms,
}: {
  readonly arms: readonly Arm[];
}): Arm | undefined {
  return arms.find(({ name }, i) => i > 0 && name === "canary") ?? arms[1];
}
