/** What the image must keep to. */
export const limits = {
  /** Without models. */
  aboveBaseMb: 90,
  failedCalls: 0,
  userId: 10_001,
};

/** Of each container, while it is called: a model of a few MB, its engine and Node. */
export const memoryLimitBytes = 512 * 1024 * 1024;
