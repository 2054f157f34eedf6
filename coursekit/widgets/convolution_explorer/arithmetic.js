// The arithmetic of the convolution explorer: pure functions, tested against NumPy.

const outputSize = (n, size, stride, padding) =>
  Math.max(0, Math.floor((n + 2 * padding - size) / stride) + 1);

const flipped = (kernel) => kernel.map((row) => [...row].reverse()).reverse();

const shapeOf = (matrix) => [matrix.length, matrix[0].length];

function outputShape({ input, kernel, stride, padding }) {
  const [[height, width], [m, n]] = [shapeOf(input), shapeOf(kernel)];
  const shape = [outputSize(height, m, stride, padding), outputSize(width, n, stride, padding)];
  return shape.includes(0) ? [0, 0] : shape;
}

// The products behind one output cell, row by row. Places are those of the padded input.
function patchTerms({ input, kernel, stride, padding, flip }, row, column) {
  const weights = flip ? flipped(kernel) : kernel;
  return weights.flatMap((line, a) =>
    line.map((weight, b) => {
      const [y, x] = [row * stride + a, column * stride + b];
      const pixel = input[y - padding]?.[x - padding];
      const value = pixel ?? 0;
      return { y, x, a, b, weight, pixel: value, padded: pixel === undefined, product: value * weight };
    }));
}

const sumOf = (terms) => terms.reduce((total, { product }) => total + product, 0);

function convolve(state) {
  const [rows, columns] = outputShape(state);
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => sumOf(patchTerms(state, i, j))));
}

// Which cells of the padded input no patch covers.
function unseen(state) {
  const { input, kernel, stride, padding } = state;
  const [rows, columns] = outputShape(state);
  const covered = (length, size, count) => {
    const seen = new Array(length).fill(false);
    for (let i = 0; i < count; i++) seen.fill(true, i * stride, i * stride + size);
    return seen;
  };
  const down = covered(input.length + 2 * padding, kernel.length, rows);
  const right = covered(input[0].length + 2 * padding, kernel[0].length, columns);
  return down.map((y) => right.map((x) => !(y && x)));
}

function resized(kernel, rows, columns) {
  const [m, n] = shapeOf(kernel);
  const [dy, dx] = [Math.floor((rows - m) / 2), Math.floor((columns - n) / 2)];
  return Array.from({ length: rows }, (_, a) =>
    Array.from({ length: columns }, (_, b) => kernel[a - dy]?.[b - dx] ?? 0));
}
