// The arithmetic of the size calculator: pure functions, tested against coursekit.scratch.

const reachOf = ({ kernel, dilation }) => dilation * (kernel - 1) + 1;

// What each layer makes of what it is given, up to the first one that does not fit.
function calculate({ size, channels, layers }) {
  let before = { size, channels, field: 1, jump: 1 };
  const rows = [];
  for (const layer of layers) {
    if (!before) {
      rows.push(null);
      continue;
    }
    const { kind, stride, padding, kernel } = layer;
    const space = before.size + 2 * padding;
    const free = space - reachOf(layer);
    const row = { layer, before, space, free, fits: free >= 0, spare: free >= 0 ? free % stride : 0 };
    rows.push(row);
    if (!row.fits) {
      before = null;
      continue;
    }
    const conv = kind === "conv";
    row.size = Math.floor(free / stride) + 1;
    row.channels = conv ? layer.filters : before.channels;
    row.parameters = conv ? layer.filters * (kernel * kernel * before.channels + 1) : 0;
    row.multiplyAdds = conv ? row.size * row.size * layer.filters * kernel * kernel * before.channels : 0;
    row.field = before.field + (reachOf(layer) - 1) * before.jump;
    row.jump = before.jump * stride;
    before = row;
  }
  return rows;
}

const sizesOf = (state) => [state.size, ...calculate(state).map((row) => row?.size)];

// Along one side: which cells of the layer before a set of cells looks at, those of the padding too.
function lookedAt(cells, { kernel, stride, padding, dilation }) {
  const found = new Set();
  for (const cell of cells)
    for (let a = 0; a < kernel; a++) found.add(cell * stride - padding + a * dilation);
  return [...found].sort((a, b) => a - b);
}

// From one cell of layer number `from` back to the input: the cells of each map on the way along
// one side, input first. Numbers below 0 or from the size on are padding.
function lookBack(state, from, cell) {
  const sizes = sizesOf(state);
  const levels = [[cell]];
  for (let at = from; at > 0; at--) {
    const inside = levels[0].filter((i) => i >= 0 && i < sizes[at]);
    levels.unshift(lookedAt(inside, state.layers[at - 1]));
  }
  return levels;
}

// Along one side of the input: which pixels no cell of a layer depends on.
function neverSeen(state, from) {
  const sizes = sizesOf(state);
  let cells = Array.from({ length: sizes[from] }, (_, i) => i);
  for (let at = from; at > 0; at--)
    cells = lookedAt(cells, state.layers[at - 1]).filter((i) => i >= 0 && i < sizes[at - 1]);
  const seen = new Set(cells);
  return Array.from({ length: state.size }, (_, i) => !seen.has(i));
}
