/**
 * The rules by which names become grams and keys: how they fold, their hashes, what a key leaves out. A model that was trained
 * by others would get other rows for the same names.
 */
export const nameRules = 1;
