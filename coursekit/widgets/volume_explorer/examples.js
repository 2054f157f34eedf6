// What the menus of the volume explorer offer.

const planes = (text) => text.split("|").map((plane) =>
  plane.split("/").map((row) => row.trim().split(/\s+/).map(Number)));

// The decks' volume and its filter W0; W1 is the course's own.
const DECKS = {
  x: planes("0 0 1 0 2/1 0 2 0 1/1 0 2 2 0/2 0 0 2 0/2 1 2 2 0|2 1 2 1 1/2 1 2 0 1/0 2 1 0 1/1 2 2 2 2/0 1 2 0 1|" +
    "2 1 1 2 0/1 0 0 1 0/0 1 0 0 0/1 0 2 1 0/2 2 1 1 1"),
  w: [planes("-1 0 1/0 0 1/1 -1 1|-1 0 1/1 -1 1/0 1 0|-1 1 1/1 1 0/0 -1 0"),
    planes("0 1 0/1 -1 0/0 0 1|1 0 -1/0 1 0/-1 0 1|0 0 0/0 1 0/1 0 -1")],
  b: [1, 0], stride: 2, padding: 1, rgb: false,
};

// A house: sky, red roof, white walls, a blue door, grass.
const TONES = { s: [120, 180, 240], r: [200, 40, 40], w: [240, 240, 240], d: [40, 60, 160], g: [60, 150, 60] };
const HOUSE = ["ssssssss", "sssrrsss", "ssrrrrss", "srrrrrrs", "ssw" + "ww" + "wss", "sswddwss", "sswddwss", "gggggggg"];
// A field seen from above: soil, crops, water, a road. The fourth channel is near infrared.
const COVERS = { o: [120, 90, 60, 110], c: [50, 90, 40, 200], a: [30, 50, 90, 10], t: [130, 130, 130, 120] };
const FIELD = ["cccctooo", "cccctooo", "cccctccc", "oooctccc", "ooootccc", "ttttttcc", "aaaaatoo", "aaaaatoo"];
const layers = (map, tones) => tones[map[0][0]].map((_, c) => map.map((row) => [...row].map((sign) => tones[sign][c])));

const VOLUMES = {
  decks: ["The decks\u2019 volume: 5 \u00d7 5, 3 channels", () => DECKS],
  rgb: ["A picture in red, green and blue", () => {
    const x = layers(HOUSE, TONES);
    return { x, w: [filterOf("first", x.length, 3, 3), filterOf("down", x.length, 3, 3)], b: [0, 0], stride: 1, padding: 1, rgb: true };
  }],
  field: ["A field from above: 4 channels, with infrared", () => {
    const x = layers(FIELD, COVERS);
    const w = [[[[-1]], [[0]], [[0]], [[1]]], [[[0.25]], [[0.25]], [[0.25]], [[0.25]]]];
    return { x, w, b: [0, 0], stride: 1, padding: 0, rgb: false };
  }],
};

// What the kernel of channel c of a ready-made filter has in row a, column b, of m by n.
const middle = (a, b, m, n) => Number(a === Math.floor(m / 2) && b === Math.floor(n / 2));
const FILTERS = {
  mean: [() => "Mean of everything", (c, a, b, [channels, m, n]) => 1 / (channels * m * n)],
  first: [(rgb) => (rgb ? "Red against green and blue" : "Channel 0 against the others"), (c, a, b, [channels, m, n]) =>
    middle(a, b, m, n) * (c === 0 ? 1 : -1 / (channels - 1))],
  only: [(rgb) => (rgb ? "Red alone" : "Channel 0 alone"), (c, a, b, [, m, n]) => middle(a, b, m, n) * Number(c === 0)],
  right: [() => "Edges, left to right, in all channels", (c, a, b, [, m, n]) => Math.sign(b - (n - 1) / 2) * Number(m > 1 || n > 1)],
  down: [() => "Edges, top to bottom, in all channels", (c, a, b, [, m]) => Math.sign(a - (m - 1) / 2)],
  zero: [() => "All zeros", () => 0],
};

const filterOf = (name, channels, m, n) => Array.from({ length: channels }, (_, c) =>
  Array.from({ length: m }, (_, a) => Array.from({ length: n }, (_, b) => FILTERS[name][1](c, a, b, [channels, m, n]) + 0)));

const sizeOf = ({ w }) => [w[0].length, w[0][0].length, w[0][0][0].length];
const nearly = (a, b) => a.flat(2).every((value, i) => Math.abs(value - b.flat(2)[i]) < 1e-9);
const filterName = (state, k) => Object.keys(FILTERS).find((name) => nearly(state.w[k], filterOf(name, ...sizeOf(state)))) ?? "";

// More filters: the next ready-made ones that the layer does not have. Fewer: the last ones go.
function withFilters(state, count) {
  const w = state.w.slice(0, count);
  const b = state.b.slice(0, count);
  const names = ["mean", "right", "down", "first", "only", "zero"];
  while (w.length < count) {
    const used = w.map((_, k) => filterName({ w }, k));
    w.push(filterOf(names.find((name) => !used.includes(name)) ?? "mean", ...sizeOf(state)));
    b.push(0);
  }
  return { w, b, selected: [Math.min(state.selected[0], count - 1), ...state.selected.slice(1)] };
}

// Other kernels of the same layer: cut, or with zeros around.
function withKernels(state, size) {
  const [, m, n] = sizeOf(state);
  const [dy, dx] = [Math.floor((size - m) / 2), Math.floor((size - n) / 2)];
  return { w: state.w.map((filter) => filter.map((kernel) => Array.from({ length: size }, (_, a) =>
    Array.from({ length: size }, (_, b) => kernel[a - dy]?.[b - dx] ?? 0)))) };
}
