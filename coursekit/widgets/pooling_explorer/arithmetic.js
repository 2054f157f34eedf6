// The arithmetic of the pooling explorer: pure functions, tested against the course's NumPy.

// How many places a window has along a side. A place cut off at the end counts only with `ceil`,
// and only if it still begins on a cell.
function poolSize(n, size, stride, ceil) {
  if (!ceil) return Math.max(0, Math.floor((n - size) / stride) + 1);
  return Math.min(Math.max(Math.ceil((n - size) / stride), 0) + 1, Math.ceil(n / stride));
}

const strideOf = ({ size, stride }) => stride ?? size;

function poolShape(state) {
  const { image, mode, size, ceil_mode } = state;
  if (mode === "global_average") return [1, 1];
  const shape = [image.length, image[0].length].map((n) => poolSize(n, size, strideOf(state), ceil_mode));
  return shape.includes(0) ? [0, 0] : shape;
}

// The part of the image in the window of one output cell; cut off where the image ends.
function windowOf(state, row, column) {
  const { image, mode, size } = state;
  const [height, width] = [image.length, image[0].length];
  if (mode === "global_average") return { y: 0, x: 0, rows: height, columns: width, cut: false };
  const [y, x] = [row * strideOf(state), column * strideOf(state)];
  const [rows, columns] = [Math.min(size, height - y), Math.min(size, width - x)];
  return { y, x, rows, columns, cut: rows < size || columns < size };
}

const valuesIn = (image, { y, x, rows, columns }) =>
  image.slice(y, y + rows).flatMap((line) => line.slice(x, x + columns));

const poolValue = (mode, values) =>
  mode === "max" ? Math.max(...values) : values.reduce((total, value) => total + value, 0) / values.length;

function pool(state, image = state.image) {
  const [rows, columns] = poolShape(state);
  const max = state.mode === "max";
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => {
    const { y, x, rows: m, columns: n } = windowOf(state, i, j);
    let value = max ? -Infinity : 0;
    for (let a = y; a < y + m; a++)
      for (let b = x; b < x + n; b++) value = max ? Math.max(value, image[a][b]) : value + image[a][b];
    return max ? value : value / (m * n);
  }));
}

// Both images, both outputs, and where each differs after the shift.
function outcome(state) {
  const copy = shifted(state.image, state.shift);
  const [before, after] = [pool(state), pool(state, copy)];
  return { copy, before, after, inside: changedCells(state.image, copy), outside: changedCells(before, after) };
}

// Moved down and right; what leaves is gone, what comes in is 0.
const shifted = (image, [down, right]) => image.map((row, y) => {
  const from = image[y - down];
  return row.map((_, x) => from?.[x - right] ?? 0);
});

const differs = (a, b) => Math.abs(a - b) > 1e-9;
const changedCells = (before, after) => before.map((row, i) => row.map((value, j) => differs(value, after[i][j])));
const countOf = (mask) => mask.reduce((count, row) => row.reduce((n, is) => n + is, count), 0);

// Which cells of the image no window covers.
function uncovered(state) {
  const [rows, columns] = poolShape(state);
  const mask = state.image.map((row) => row.map(() => true));
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const { y, x, rows: m, columns: n } = windowOf(state, i, j);
      for (let a = y; a < y + m; a++) mask[a].fill(false, x, x + n);
    }
  return mask;
}

// By how many cells the whole output has moved along, if it has: [down, right], else null.
function movedAlong(state, { before, after } = outcome(state)) {
  if (state.mode === "global_average") return null;
  const by = state.shift.map((cells) => cells / strideOf(state));
  if (!by.every(Number.isInteger) || by.every((cells) => cells === 0)) return null;
  const fits = after.every((row, i) => row.every((value, j) => {
    const old = before[i - by[0]]?.[j - by[1]];
    return old === undefined || !differs(value, old);
  }));
  return fits && before[0]?.length ? by : null;
}
