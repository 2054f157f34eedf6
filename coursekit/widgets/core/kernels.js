// Matrices, and the kernels that menus offer: those of the course, by the same names.

const matrixOf = (text) => text.split("/").map((row) => row.trim().split(/\s+/).map(Number));
const scaled = (matrix, by) => matrix.map((row) => row.map((value) => value / by));
const shapeOf = (matrix) => [matrix.length, matrix[0].length];
const close = (a, b) => same(shapeOf(a), shapeOf(b)) &&
  a.every((row, i) => row.every((value, j) => Math.abs(value - b[i][j]) < 1e-9));


// The kernel with more or fewer cells, as far as can be with its middle in the middle.
function resized(kernel, rows, columns) {
  const [m, n] = shapeOf(kernel);
  const [dy, dx] = [Math.floor((rows - m) / 2), Math.floor((columns - n) / 2)];
  return Array.from({ length: rows }, (_, a) =>
    Array.from({ length: columns }, (_, b) => kernel[a - dy]?.[b - dx] ?? 0));
}

const ONES = "1 1 1 1 1 / 1 1 1 1 1 / 1 1 1 1 1 / 1 1 1 1 1 / 1 1 1 1 1";
const KERNELS = {
  identity: ["Identity (changes nothing)", matrixOf("0 0 0 / 0 1 0 / 0 0 0")],
  box: ["Blur: box, every weight 1/9", scaled(matrixOf("1 1 1 / 1 1 1 / 1 1 1"), 9)],
  box_5x5: ["Blur: box, every weight 1/25", scaled(matrixOf(ONES), 25)],
  gaussian: ["Blur: Gaussian", scaled(matrixOf("1 2 1 / 2 4 2 / 1 2 1"), 16)],
  gaussian_5x5: ["Blur: Gaussian, 5 by 5", scaled(matrixOf("1 4 6 4 1 / 4 16 24 16 4 / 6 24 36 24 6 / 4 16 24 16 4 / 1 4 6 4 1"), 256)],
  sharpen: ["Sharpen", matrixOf("0 -1 0 / -1 5 -1 / 0 -1 0")],
  sharpen_strong: ["Sharpen, strong", matrixOf("-1 -1 -1 / -1 9 -1 / -1 -1 -1")],
  prewitt_x: ["Edges: Prewitt, left to right", matrixOf("-1 0 1 / -1 0 1 / -1 0 1")],
  sobel_x: ["Edges: Sobel, left to right", matrixOf("-1 0 1 / -2 0 2 / -1 0 1")],
  sobel_y: ["Edges: Sobel, bottom to top", matrixOf("1 2 1 / 0 0 0 / -1 -2 -1")],
  edge_8: ["Edges: all eight neighbours", matrixOf("1 1 1 / 1 -8 1 / 1 1 1")],
  laplacian: ["Edges: Laplacian, all directions", matrixOf("0 1 0 / 1 -4 1 / 0 1 0")],
  google: ["The course's 5 by 5 example", matrixOf("1 0 0 / 1 1 0 / 0 0 1")],
  loopy: ["Loopy pattern", matrixOf("1 1 1 / 1 -1 1 / 1 1 1")],
};
