// The arithmetic of the volume explorer: pure functions, tested against the course's NumPy.

const places = (n, size, stride, padding) =>
  Math.max(0, Math.floor((n + 2 * padding - size) / stride) + 1);

// [filters, rows, columns] of the output; no rows where a filter does not fit.
function volumeShape({ x, w, stride, padding }) {
  const rows = places(x[0].length, w[0][0].length, stride, padding);
  const columns = places(x[0][0].length, w[0][0][0].length, stride, padding);
  return rows && columns ? [w.length, rows, columns] : [w.length, 0, 0];
}

// What each channel brings to one output cell: its products, row by row, and their sum.
// Places are those of the padded input.
function channelSums({ x, w, stride, padding }, k, row, column) {
  return w[k].map((kernel, c) => {
    const terms = kernel.flatMap((line, a) => line.map((weight, b) => {
      const [y, z] = [row * stride + a, column * stride + b];
      const pixel = x[c][y - padding]?.[z - padding];
      return { y, x: z, a, b, weight, pixel: pixel ?? 0, padded: pixel === undefined, product: (pixel ?? 0) * weight };
    }));
    return { terms, sum: terms.reduce((total, { product }) => total + product, 0) };
  });
}

// One map for each filter.
function convolveVolume(state) {
  const { x, w, b, stride, padding } = state;
  const [filters, rows, columns] = volumeShape(state);
  const [height, width] = [x[0].length, x[0][0].length];
  return Array.from({ length: filters }, (_, k) => Array.from({ length: rows }, (_, i) => {
    const line = new Array(columns).fill(b[k]);
    w[k].forEach((kernel, c) => kernel.forEach((weights, a) => {
      const y = i * stride + a - padding;
      if (y < 0 || y >= height) return;
      const pixels = x[c][y];
      weights.forEach((weight, n) => {
        const shift = n - padding;
        const from = Math.max(0, Math.ceil(-shift / stride));
        const to = Math.min(columns - 1, Math.floor((width - 1 - shift) / stride));
        for (let j = from; j <= to; j++) line[j] += pixels[j * stride + shift] * weight;
      });
    }));
    return line;
  }));
}

const parameterCount = ({ w }) => w.length * (w[0].length * w[0][0].length * w[0][0][0].length + 1);

// The walk from cell to cell: each takes a step for every channel and one for the bias.
const stepsOfCell = ({ w }) => w[0].length + 1;

function lastStep(state) {
  const [filters, rows, columns] = volumeShape(state);
  return filters * rows * columns * stepsOfCell(state);
}

// Where a number of steps leads: the cell, and how many of its parts are added up.
function walkAt(state, step) {
  const [, rows, columns] = volumeShape(state);
  const each = stepsOfCell(state);
  const past = Math.max(0, step - 1);
  const order = Math.floor(past / each);
  return {
    cell: [Math.floor(order / (rows * columns)), Math.floor(order / columns) % rows, order % columns],
    parts: step ? (past % each) + 1 : 0,
    written: Math.floor(step / each),
  };
}

const cellOrder = (state, [k, i, j]) => {
  const [, rows, columns] = volumeShape(state);
  return (k * rows + i) * columns + j;
};
