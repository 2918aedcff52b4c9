import { huffmanLengths } from "./huffman-lengths.ts";

/*
 * Codes are read four bits at a time: none is shorter than five bits, so that four bits end at most one symbol. A state is
 * an inner node of the code tree; `steps[16 * state + bits]` holds the state after them and, above it, the symbol that they
 * ended.
 */

const hasSymbol = 1 << 24;
const symbolShift = 16;
const stateMask = 0xffff;
const failed = stateMask;
/** Thirty ones: the end-of-string symbol, which must not occur. */
const endOfString = 256;

interface Node {
  readonly state: number;
  readonly children: [Node | number | undefined, Node | number | undefined];
  /** Bits from the root, if all of them are ones: what may fill the last byte up. */
  readonly onesDepth: number | undefined;
}

const nodes: Node[] = [];

function newNode(onesDepth: number | undefined): Node {
  const node: Node = { state: nodes.length, children: [undefined, undefined], onesDepth };
  nodes.push(node);
  return node;
}

function plantTree(): Node {
  const root = newNode(0);
  const lengths = [...huffmanLengths, 30];
  const order = lengths
    .map((_, symbol) => symbol)
    .sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  let code = 0;
  let length = lengths[order[0]!]!;
  for (const symbol of order) {
    code <<= lengths[symbol]! - length;
    length = lengths[symbol]!;
    place(root, symbol, { code, length });
    code++;
  }
  return root;
}

function place(
  root: Node,
  symbol: number,
  { code, length }: { code: number; length: number },
): void {
  let node = root;
  for (let bit = length - 1; bit > 0; bit--) {
    const side = ((code >> bit) & 1) as 0 | 1;
    const onesDepth = side === 1 && node.onesDepth !== undefined ? node.onesDepth + 1 : undefined;
    node.children[side] ??= newNode(onesDepth);
    node = node.children[side] as Node;
  }
  node.children[(code & 1) as 0 | 1] = symbol;
}

function stepFrom(root: Node, start: Node, bits: number): number {
  let node = start;
  let symbol: number | undefined;
  for (let bit = 3; bit >= 0; bit--) {
    const next = node.children[((bits >> bit) & 1) as 0 | 1];
    if (next === undefined || next === endOfString) return failed;
    if (typeof next === "number") symbol = next;
    node = typeof next === "number" ? root : next;
  }
  return symbol === undefined ? node.state : hasSymbol | (symbol << symbolShift) | node.state;
}

const root = plantTree();
const steps = new Uint32Array(16 * nodes.length);
for (const node of nodes)
  for (let bits = 0; bits < 16; bits++) steps[16 * node.state + bits] = stepFrom(root, node, bits);
/** Where a string may end: the last byte is filled up with at most seven ones. */
const mayEnd = nodes.map(({ onesDepth }) => onesDepth !== undefined && onesDepth <= 7);

let scratch = Buffer.allocUnsafeSlow(4_096);

/** One character for each byte. Undefined for bytes that are no Huffman code. */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string | undefined {
  // Five bits make at most one byte.
  const room = Math.ceil((8 * (end - start)) / 5);
  if (scratch.length < room) scratch = Buffer.allocUnsafeSlow(2 * room);
  let length = 0;
  let state = root.state;
  for (let position = start; position < end; position++) {
    const byte = bytes[position]!;
    for (let shift = 4; shift >= 0; shift -= 4) {
      const step = steps[16 * state + ((byte >> shift) & 15)]!;
      state = step & stateMask;
      if (state === failed) return undefined;
      if (step & hasSymbol) scratch[length++] = (step >> symbolShift) & 255;
    }
  }
  return mayEnd[state] ? scratch.toString("latin1", 0, length) : undefined;
}
