// Occlusion: how much a class loses where a patch is covered.

// The distance between two places that are covered: about 14 places a side.
const strideOf = (rows, columns) => Math.max(1, Math.round(Math.max(rows, columns) / 14));

// A copy in which the square of `size` around pixel (y, x) holds `cover`.
function coveredAt(values, [channels, rows, columns], y, x, size, cover) {
  const next = Float64Array.from(values);
  const [top, left] = [y - Math.floor(size / 2), x - Math.floor(size / 2)];
  for (let c = 0; c < channels; c++)
    for (let i = Math.max(0, top); i < Math.min(rows, top + size); i++)
      next.fill(cover, (c * rows + i) * columns + Math.max(0, left), (c * rows + i) * columns + Math.min(columns, left + size));
  return next;
}

// The places in the order in which they are covered, coarse ones first: { y, x, reach } in steps,
// where `reach` is how far a place stands for its neighbours until they have their turn.
function coarseFirst(rows, columns) {
  const places = [];
  for (const reach of [4, 2, 1])
    for (let y = 0; y < rows; y += reach)
      for (let x = 0; x < columns; x += reach)
        if (reach === 4 || y % (2 * reach) || x % (2 * reach)) places.push({ y, x, reach });
  return places;
}

// How far the probability of `target` falls where a patch around pixel (y, x) is covered; `room` as for `forward`.
const fallAt = (network, values, before, target, y, x, size, cover, room) =>
  before - softmaxOf(forward(network, coveredAt(values, volumeOf(network.shape), y, x, size, cover), room).at(-1))[target];

// The whole map, for tests; the widget computes it a few places at a time.
function occlusionOf(network, values, target, size, cover) {
  const [, rows, columns] = volumeOf(network.shape);
  const stride = strideOf(rows, columns);
  const room = roomFor(network);
  const before = softmaxOf(forward(network, values, room).at(-1))[target];
  return Array.from({ length: Math.ceil(rows / stride) }, (_, i) => Array.from({ length: Math.ceil(columns / stride) },
    (_, j) => fallAt(network, values, before, target, i * stride, j * stride, size, cover, room)));
}
