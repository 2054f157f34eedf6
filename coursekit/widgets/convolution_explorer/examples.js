// What the menus of the convolution explorer offer.

const NINE = matrixOf(
  "-1 1 1 1 -1 / -1 1 -1 1 -1 / -1 1 1 1 -1 / -1 -1 -1 1 -1 / -1 -1 -1 1 -1 / -1 -1 1 -1 -1 / -1 1 -1 -1 -1");
const MOVED = matrixOf(
  "1 1 1 -1 -1 / 1 -1 1 -1 -1 / 1 1 1 -1 -1 / -1 -1 1 -1 -1 / -1 -1 1 -1 -1 / -1 1 -1 -1 -1 / 1 -1 -1 -1 -1");
const FIVE = matrixOf("3 5 2 8 1 / 9 7 5 4 3 / 2 0 6 1 6 / 6 3 7 9 2 / 1 4 9 5 1");
const EDGE = Array.from({ length: 6 }, () => [0, 0, 0, 10, 10, 10]);
const DOT = Array.from({ length: 7 }, (_, i) => Array.from({ length: 7 }, (_, j) => (i === 3 && j === 3 ? 9 : 0)));

const EXAMPLES = {
  five: ["The course's 5 by 5 example", () => FIVE, "google"],
  nine: ["A nine and the loopy pattern", () => NINE, "loopy"],
  moved: ["The same nine, moved left", () => MOVED, "loopy"],
  edge: ["A dark and a bright half", () => EDGE, "sobel_x"],
  dot: ["One bright pixel", () => DOT, "box"],
};
