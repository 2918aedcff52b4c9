/** How int8 scores find the items that fp32 then ranks. */
export interface QuantizedForm {
  readonly name: string;
  /** Per result asked for, this many of the best by int8 are rescored exactly. */
  readonly survivorsPerResult: number;
  /** Every dimension of the items is scaled to fill int8, and the user vector the other way round. */
  readonly equalized: boolean;
  /** Every item has a scale of its own: scores become floats, which costs time. */
  readonly itemScales: boolean;
}

/** From fast to faithful; an exporter takes the first that agrees with fp32. */
export const quantizedForms: readonly QuantizedForm[] = [
  { name: "rescore-4k", survivorsPerResult: 4, equalized: false, itemScales: false },
  { name: "equalized", survivorsPerResult: 4, equalized: true, itemScales: false },
  { name: "rescore-16k", survivorsPerResult: 16, equalized: true, itemScales: false },
  { name: "item-scales", survivorsPerResult: 16, equalized: true, itemScales: true },
];
