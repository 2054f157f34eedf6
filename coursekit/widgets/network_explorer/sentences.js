// What the network explorer says about a number: how it comes about from the numbers before it.

function numberSentence(network, results, layer, at) {
  const what = network.layers[layer - 1];
  const [input, value] = [results[layer - 1], results[layer][at]];
  const shape = shapeBefore(network, layer - 1);
  const told = show(value, 3);
  switch (what.kind) {
    case "relu": return `max(0, ${show(input[at], 3)}) = ${told}`;
    case "tanh": return `tanh(${show(input[at], 3)}) = ${told}`;
    case "flatten": return `the same number as ${beforeName(network, layer)}, ${numberPlace(shape, at)}: ${told}`;
    case "batch_norm": {
      const k = Math.floor(at / (input.length / shape[0]));
      return `${factor(input[at])}\u00b7${factor(network.weights[what.weight + k])} + ${factor(network.weights[what.bias + k])} = ${told}`;
    }
    case "max_pool":
    case "avg_pool": {
      const { cells, count } = pooled(network, results, layer, at);
      const values = cells.flat();
      if (values.length > 16) return `${what.kind === "max_pool" ? "the largest" : "the mean"} of ${values.length} numbers = ${told}`;
      return what.kind === "max_pool" ? `max(${values.map((n) => show(n, 3)).join(", ")}) = ${told}`
        : `(${values.map((n) => (n < 0 ? `(${show(n, 3)})` : show(n, 3))).join(" + ")}) / ${count} = ${told}`;
    }
    default: {
      const { sources, bias } = sourcesOf(network, results, layer, at);
      const products = sources.reduce((sum, { values }) => sum + values.length, 0);
      return `${show(value - bias, 3)} (${plural(products, "product")}) ${bias < 0 ? "\u2212" : "+"} ${show(Math.abs(bias), 3)} (bias) = ${told}`;
    }
  }
}

// The numbers in the window of a pooling layer, and what an average divides by.
function pooled(network, results, layer, at) {
  const what = network.layers[layer - 1];
  const [, rows, columns] = what.shape;
  const [, height, width] = shapeBefore(network, layer - 1);
  const base = Math.floor(at / (rows * columns)) * height * width;
  const { top, left, bottom, right, count } = poolWindow(what, height, width, Math.floor(at / columns) % rows, at % columns);
  return { count, cells: Array.from({ length: bottom - top }, (_, y) =>
    Array.from({ length: right - left }, (_, x) => results[layer - 1][base + (top + y) * width + left + x])) };
}

const beforeName = (network, layer) => (layer > 1 ? network.layers[layer - 2].name : "the picture");

function softmaxSentence(classes, scores, probabilities, k) {
  const terms = Array.from(scores, (score) => `e^${factor(score)}`);
  const sum = terms.length > 10 ? `the sum over all ${terms.length} scores` : `(${terms.join(" + ")})`;
  return `softmax, ${classes[k]}: ${terms[k]} / ${sum} = ${show(probabilities[k], 4)}`;
}
