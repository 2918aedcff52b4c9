/** Dense where answers are: 1 to 100 ms. The rest is for batches and for what went wrong. */
const latencyBucketsMs = [
  0.25, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30, 40, 50, 65, 80, 100, 250, 500, 1_000,
  2_500,
];

export const latencyBucketsSeconds = latencyBucketsMs.map((ms) => ms / 1_000);

export const batchRowBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];
