/** Of what is read: far below what a number can count to, so that there is always a next one. */
export const largestRevision = 2 ** 50;
