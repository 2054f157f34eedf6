// What the menus of the convolution explorer offer.

const grid = (text) => text.split("/").map((row) => row.trim().split(/\s+/).map(Number));
const scaled = (matrix, by) => matrix.map((row) => row.map((value) => value / by));

const KERNELS = {
  identity: ["Identity (changes nothing)", grid("0 0 0 / 0 1 0 / 0 0 0")],
  box: ["Blur: box, every weight 1/9", scaled(grid("1 1 1 / 1 1 1 / 1 1 1"), 9)],
  gaussian: ["Blur: Gaussian", scaled(grid("1 2 1 / 2 4 2 / 1 2 1"), 16)],
  sharpen: ["Sharpen", grid("0 -1 0 / -1 5 -1 / 0 -1 0")],
  prewitt_x: ["Edges: Prewitt, left to right", grid("-1 0 1 / -1 0 1 / -1 0 1")],
  sobel_x: ["Edges: Sobel, left to right", grid("-1 0 1 / -2 0 2 / -1 0 1")],
  sobel_y: ["Edges: Sobel, bottom to top", grid("1 2 1 / 0 0 0 / -1 -2 -1")],
  laplacian: ["Edges: Laplacian, all directions", grid("0 1 0 / 1 -4 1 / 0 1 0")],
  google: ["The course's 5 by 5 example", grid("1 0 0 / 1 1 0 / 0 0 1")],
  loopy: ["Loopy pattern", grid("1 1 1 / 1 -1 1 / 1 1 1")],
};

const NINE = grid(
  "-1 1 1 1 -1 / -1 1 -1 1 -1 / -1 1 1 1 -1 / -1 -1 -1 1 -1 / -1 -1 -1 1 -1 / -1 -1 1 -1 -1 / -1 1 -1 -1 -1");
const MOVED = grid(
  "1 1 1 -1 -1 / 1 -1 1 -1 -1 / 1 1 1 -1 -1 / -1 -1 1 -1 -1 / -1 -1 1 -1 -1 / -1 1 -1 -1 -1 / 1 -1 -1 -1 -1");
const FIVE = grid("3 5 2 8 1 / 9 7 5 4 3 / 2 0 6 1 6 / 6 3 7 9 2 / 1 4 9 5 1");
const EDGE = Array.from({ length: 6 }, () => [0, 0, 0, 10, 10, 10]);
const DOT = Array.from({ length: 7 }, (_, i) => Array.from({ length: 7 }, (_, j) => (i === 3 && j === 3 ? 9 : 0)));

const EXAMPLES = {
  five: ["The course's 5 by 5 example", () => FIVE, "google"],
  nine: ["A nine and the loopy pattern", () => NINE, "loopy"],
  moved: ["The same nine, moved left", () => MOVED, "loopy"],
  edge: ["A dark and a bright half", () => EDGE, "sobel_x"],
  dot: ["One bright pixel", () => DOT, "box"],
};
