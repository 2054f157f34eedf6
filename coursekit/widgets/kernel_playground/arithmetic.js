// The arithmetic of the kernel playground: pure functions, tested against coursekit.scratch.

// The sliding sums of a grey picture { rows, columns, grey } of the same size: the border pixels are
// repeated outwards, the kernel (both sides odd) is not turned.
function slidingSums({ rows, columns, grey }, kernel) {
  const [m, n] = shapeOf(kernel);
  const [up, left] = [(m - 1) / 2, (n - 1) / 2];
  const sums = new Float64Array(rows * columns);
  const from = new Int32Array(columns);
  for (let a = 0; a < m; a++)
    for (let b = 0; b < n; b++) {
      const weight = kernel[a][b];
      if (!weight) continue;
      for (let x = 0; x < columns; x++) from[x] = within(x + b - left, 0, columns - 1);
      for (let y = 0; y < rows; y++) {
        const line = within(y + a - up, 0, rows - 1) * columns;
        const to = y * columns;
        for (let x = 0; x < columns; x++) sums[to + x] += weight * grey[line + from[x]];
      }
    }
  return sums;
}

// To the nearest whole number, halves to the even neighbour, as NumPy's rint does.
function rint(value) {
  const near = Math.round(value);
  return near - value === 0.5 && near % 2 ? near - 1 : near;
}

const VIEWS = {
  clipped: (sum) => within(rint(sum), 0, 255),
  absolute: (sum) => within(rint(Math.abs(sum)), 0, 255),
  signed: (sum) => within(rint(127.5 + sum / 2), 0, 255),
};

const viewed = (sums, view) => Uint8ClampedArray.from(sums, VIEWS[view]);

// The products behind one pixel, row by row.
function pixelTerms({ rows, columns, grey }, kernel, y, x) {
  const [m, n] = shapeOf(kernel);
  return kernel.flatMap((line, a) => line.map((weight, b) => {
    const [i, j] = [y + a - (m - 1) / 2, x + b - (n - 1) / 2];
    const value = grey[within(i, 0, rows - 1) * columns + within(j, 0, columns - 1)];
    return { value, weight, product: value * weight, padded: i < 0 || j < 0 || i >= rows || j >= columns };
  }));
}

// Grey from red, green and blue: their mean, as the lessons take it.
function greyOf(rgba) {
  const grey = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < grey.length; i++) grey[i] = Math.floor((rgba[4 * i] + rgba[4 * i + 1] + rgba[4 * i + 2]) / 3);
  return grey;
}

function unpacked({ rows, columns, grey }) {
  const bytes = atob(grey);
  return { rows, columns, grey: Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)) };
}
