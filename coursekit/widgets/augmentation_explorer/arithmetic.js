// Changed pictures: where each pixel comes from, and by how much a sample may differ.

// A picture turned anticlockwise by `rotation` degrees and resized by `scale`, then moved, mirrored, cut
// by `crop` rows and columns (at `cut`, in pixels from the middle) and enlarged again; brightness
// multiplies, and what leaves 0 to 1 becomes the limit. Beyond the border everything is 0.
function changedBy(values, [channels, rows, columns], change) {
  const { rotation, scale, right, down, flip, crop, brightness, cut = [0, 0] } = change;
  const [cos, sin] = [Math.cos, Math.sin].map((f) => f((rotation * Math.PI) / 180) / scale);
  const [tall, wide] = [(rows - crop) / rows, (columns - crop) / columns];
  const at = (base, y, x) => (y < 0 || x < 0 || y >= rows || x >= columns ? 0 : values[base + y * columns + x]);
  const next = new Float64Array(channels * rows * columns);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const across = ((x - (columns - 1) / 2) * wide + cut[1]) * (flip ? -1 : 1) - right;
      const below = (y - (rows - 1) / 2) * tall + cut[0] - down;
      const v = sin * across + cos * below + (rows - 1) / 2;
      const u = cos * across - sin * below + (columns - 1) / 2;
      const [i, j] = [Math.floor(v), Math.floor(u)];
      const [p, q] = [v - i, u - j];
      for (let c = 0; c < channels; c++) {
        const base = c * rows * columns;
        const value = (1 - p) * ((1 - q) * at(base, i, j) + q * at(base, i, j + 1)) + p * ((1 - q) * at(base, i + 1, j) + q * at(base, i + 1, j + 1));
        next[base + y * columns + x] = Math.max(0, Math.min(1, value * brightness));
      }
    }
  return next;
}

// Numbers from 0 up to 1, the same ones for the same seed (mulberry32).
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// A change drawn at random: turned and moved by as much at most, either way; resized and brightened
// somewhere between not at all and that; mirrored one time in two; cut at any place.
function drawnChange({ rotation, scale, right, down, flip, crop, brightness }, random) {
  const either = (most) => (2 * random() - 1) * most;
  const between = (most) => 1 + random() * (most - 1);
  return {
    rotation: either(rotation), scale: between(scale), right: Math.round(either(right)), down: Math.round(either(down)),
    flip: flip && random() < 0.5, crop, brightness: between(brightness), cut: [either(crop / 2), either(crop / 2)],
  };
}
