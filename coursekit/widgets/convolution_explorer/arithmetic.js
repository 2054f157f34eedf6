// The arithmetic of the convolution explorer: pure functions, tested against NumPy.

// How many cells a kernel reaches over: with a dilation there are gaps between its cells.
const span = (size, dilation = 1) => dilation * (size - 1) + 1;

const outputSize = (n, size, stride, padding, dilation = 1) =>
  Math.max(0, Math.floor((n + 2 * padding - span(size, dilation)) / stride) + 1);

const flipped = (kernel) => kernel.map((row) => [...row].reverse()).reverse();

function outputShape({ input, kernel, stride, padding, dilation = 1 }) {
  const [[height, width], [m, n]] = [shapeOf(input), shapeOf(kernel)];
  const shape = [outputSize(height, m, stride, padding, dilation), outputSize(width, n, stride, padding, dilation)];
  return shape.includes(0) ? [0, 0] : shape;
}

// The products behind one output cell, row by row. Places are those of the padded input.
function patchTerms({ input, kernel, stride, padding, dilation = 1, flip }, row, column) {
  const weights = flip ? flipped(kernel) : kernel;
  return weights.flatMap((line, a) =>
    line.map((weight, b) => {
      const [y, x] = [row * stride + a * dilation, column * stride + b * dilation];
      const pixel = input[y - padding]?.[x - padding];
      const value = pixel ?? 0;
      return { y, x, a, b, weight, value, padded: pixel === undefined, product: value * weight };
    }));
}

// The whole output: as many sums as it has cells, without keeping their products.
function convolve(state) {
  const { input, kernel, stride, padding, dilation = 1, flip } = state;
  const [rows, columns] = outputShape(state);
  const weights = flip ? flipped(kernel) : kernel;
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => {
      let total = 0;
      for (let a = 0; a < weights.length; a++) {
        const line = input[i * stride + a * dilation - padding];
        if (!line) continue;
        for (let b = 0; b < weights[a].length; b++)
          total += (line[j * stride + b * dilation - padding] ?? 0) * weights[a][b];
      }
      return total;
    }));
}

// Which cells of the padded input no patch covers.
function unseen(state) {
  const { input, kernel, stride, padding, dilation = 1 } = state;
  const [rows, columns] = outputShape(state);
  const covered = (length, size, count) => {
    const seen = new Array(length).fill(false);
    for (let i = 0; i < count; i++)
      for (let a = 0; a < size; a++) seen[i * stride + a * dilation] = true;
    return seen;
  };
  const down = covered(input.length + 2 * padding, kernel.length, rows);
  const right = covered(input[0].length + 2 * padding, kernel[0].length, columns);
  return down.map((y) => right.map((x) => !(y && x)));
}
