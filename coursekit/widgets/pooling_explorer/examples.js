// What the menu of the pooling explorer offers: an image, and the pooling to begin with.

const grid = (text) => text.split("/").map((row) => row.trim().split(/\s+/).map(Number));
const third = (matrix) => matrix.map((row) => row.map((value) => value / 9));
const dot = Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (_, j) => (i === 2 && j === 2 ? 9 : 0)));
const stripes = Array.from({ length: 8 }, () => [0, 0, 6, 0, 0, 6, 0, 0]);
// Convolved with the loopy pattern, divided by 9, then ReLU.
const NINE = third(grid("0 9 0/0 1 0/0 3 0/0 0 0/0 0 0"));

const POOLED = {
  four: ["The course\u2019s 4 \u00d7 4 example", { image: grid("5 1 3 4/8 2 9 2/1 3 0 1/2 2 2 0"), mode: "max", size: 2, stride: 2, ceil_mode: false }],
  five: ["A 5 \u00d7 5 map: rounded up", { image: grid("0 1 0 0 0/0 1 1 1 0/1 0 0 2 1/1 4 2 1 0/0 0 1 2 1"), mode: "max", size: 2, stride: 2, ceil_mode: true }],
  nine: ["A nine: its map after ReLU", { image: NINE, mode: "max", size: 2, stride: 1, ceil_mode: false }],
  dot: ["One bright pixel", { image: dot, mode: "max", size: 2, stride: 2, ceil_mode: false }],
  stripes: ["Two bright lines", { image: stripes, mode: "average", size: 2, stride: 2, ceil_mode: false }],
};
