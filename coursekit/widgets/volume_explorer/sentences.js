// What the volume explorer says about its numbers.

const COLOUR_NAMES = ["red", "green", "blue"];
const channelName = (state, c) => (state.rgb ? `Channel ${c}, ${COLOUR_NAMES[c]}` : `Channel ${c}`);
const placeName = ([k, i, j]) => `Map ${k}, row ${i}, column ${j}`;

function inputSentence({ x, padding }) {
  const size = [x[0].length, x[0][0].length];
  const padded = padding ? `, padded to ${by(size.map((n) => n + 2 * padding))}` : "";
  return `Input: ${plural(x.length, "channel")} of ${by(size)}${padded}`;
}

// The sum of one output cell: the channels, then the bias. `parts` of them are added up so far.
function totalLine(state, cell, parts) {
  const sums = channelSums(state, ...cell).map(({ sum }) => sum);
  const all = [...sums, state.b[cell[0]]];
  const told = all.slice(0, parts);
  const total = told.reduce((a, b) => a + b, 0);
  const words = told.map((value, n) => factor(value) + (n === sums.length ? " (bias)" : ""));
  if (!parts) return { text: "nothing added up yet", total: null, done: false };
  const done = parts === all.length;
  const text = words.join(" + ") + (told.length > 1 || done ? ` = ${show(total, 3)}` : "");
  return { text: done ? text : `${text}, ${plural(all.length - parts, "part")} to come`, total, done };
}

function productsLine(state, cell, c) {
  const { terms, sum } = channelSums(state, ...cell)[c];
  const told = terms.filter(({ product }) => product !== 0);
  const silent = terms.length - told.length;
  const words = told.slice(0, 12).map(({ pixel, weight }) => `${factor(pixel)}\u00b7${factor(weight)}`);
  if (told.length > 12) words.push("\u2026");
  if (silent) words.push(`${plural(silent, "product")} of 0`);
  return `${channelName(state, c)}: ${words.join(" + ")} = ${show(sum, 3)}`;
}

function stepSentence(state, step) {
  const { cell, parts } = walkAt(state, step);
  if (!step) return "Step 0: nothing is added up yet. Each filter takes its place at the top left.";
  const channels = state.w[0].length;
  const head = `Step ${step} of ${lastStep(state)}. ${placeName(cell)}: `;
  if (parts <= channels) return `${head}${productsLine(state, cell, parts - 1)}.`;
  return `${head}the sums of the channels and the bias: ${totalLine(state, cell, parts).text}.`;
}

function sizeSentences(state) {
  const [channels, height, width] = [state.x.length, state.x[0].length, state.x[0][0].length];
  const [, m, n] = sizeOf(state);
  const [filters, rows, columns] = volumeShape(state);
  const each = channels * m * n;
  const one = (size, kernel) => `floor((${size} + 2\u00b7${state.padding} \u2212 ${kernel}) / ${state.stride}) + 1`;
  const sizes = height === width && m === n ? `Rows and columns: ${one(height, m)} = ${rows}.`
    : `Rows: ${one(height, m)} = ${rows}. Columns: ${one(width, n)} = ${columns}.`;
  return [
    `Parameters: ${plural(filters, "filter")} \u00b7 (${channels} \u00b7 ${m} \u00b7 ${n} weights + 1 bias) = ${filters} \u00b7 ${each + 1} = ${parameterCount(state)}.`,
    rows ? sizes : "The filters do not fit into the padded input: use smaller kernels or more padding.",
    `PyTorch has the channels first: input (${channels}, ${height}, ${width}), output (${filters}, ${rows}, ${columns}). ` +
      `Keras has them last: (${height}, ${width}, ${channels}) and (${rows}, ${columns}, ${filters}).`,
  ];
}
