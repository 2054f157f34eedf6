// The arithmetic of the architecture explorer: pure functions, tested against coursekit.models.

const BYTES = 4; // of a number, in 32-bit floats
const WEIGHTED = ["conv", "dense"];
const product = (numbers) => (numbers.length ? numbers.reduce((all, n) => all * n, 1) : 0);

// The layers of a network in full, from the short form that library.py writes.
function layersOf({ texts, shapes, rows }) {
  return rows.map(([name, parts, text, at, parameters, multiplyAdds, field]) => {
    const [kind, words] = texts[text];
    const shape = shapes[at];
    const values = product(shape);
    return { name, group: parts ? name.split(".").slice(0, parts).join(".") : words, kind, text: words, shape, field, layers: 1,
      parameters, multiplyAdds, neurons: WEIGHTED.includes(kind) ? values : 0, memory: BYTES * (parameters + values) };
  });
}

const MEASURES = ["parameters", "multiplyAdds", "neurons", "memory"];
const total = (layers, measure) => layers.reduce((sum, layer) => sum + layer[measure], 0);

// Neighbouring layers of one group in one: its numbers added up, its shape and sight those at its end.
function blocksOf(layers) {
  const blocks = [];
  for (const layer of layers) {
    const last = blocks.at(-1);
    if (last?.group !== layer.group) {
      blocks.push({ ...layer, parts: [layer] });
      continue;
    }
    last.parts.push(layer);
    Object.assign(last, { name: layer.group, shape: layer.shape, field: layer.field, layers: last.layers + 1,
      kind: last.parts.some(({ kind }) => kind === "dense") ? "dense" : "conv" });
    last.text = `${last.layers} layers`;
    for (const measure of MEASURES) last[measure] += layer[measure];
  }
  return blocks;
}

// How much of a measure sits in layers of a kind, 0 to 1.
function shareOf(layers, measure, kind) {
  const all = total(layers, measure);
  return all ? total(layers.filter((layer) => layer.kind === kind), measure) / all : 0;
}
