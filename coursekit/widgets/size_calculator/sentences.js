// What the size calculator says about its numbers.

const times = (...numbers) => numbers.join("\u00b7");

// The formula with its numbers, one line for each result of a layer.
function resultLines({ layer, before, free, size, channels, parameters, multiplyAdds, field, spare, fits, space }) {
  const { kernel, stride, padding, dilation, filters, kind } = layer;
  const reach = reachOf(layer);
  const window = dilation > 1 ? `a window that reaches over ${dilation}\u00b7(${kernel} \u2212 1) + 1 = ${reach} cells` : `a window of ${reach}`;
  if (!fits) return [["Does not fit", `${window} in ${before.size} + 2\u00b7${padding} = ${space} cells. Use a smaller kernel, less dilation or more padding.`, true]];
  const exact = free / stride;
  const quotient = Number.isInteger(exact) ? String(exact) : `floor(${show(exact)})`;
  const left = spare ? ` ${plural(spare, "row")} and ${plural(spare, "column")} at the end are left over.` : "";
  return [
    ["Size", `floor((${before.size} + 2\u00b7${padding} \u2212 ${reach}) / ${stride}) + 1 = ${quotient} + 1 = `, `${size}`, `.${left}`],
    ["Output", "", `${by([size, size])}, ${plural(channels, "map")}`],
    ["Parameters", kind === "pool" ? "pooling has no weights: " : `${filters}\u00b7(${times(kernel, kernel, before.channels)} + 1) = `, grouped(parameters)],
    ["Multiply-adds", kind === "pool" ? "none: " : `${times(size, size, filters, kernel, kernel, before.channels)} = `, grouped(multiplyAdds)],
    ["Receptive field", `${before.field} + (${reach} \u2212 1)\u00b7${before.jump} = `, by([field, field])],
  ];
}

function spokenLayer(number, row) {
  if (!row) return `Layer ${number} comes after one that does not fit.`;
  if (!row.fits) return `Layer ${number} does not fit: a window of ${reachOf(row.layer)} in ${row.space} cells.`;
  return `Layer ${number}: ${plural(row.channels, "map")} of ${by([row.size, row.size])}, ${grouped(row.parameters)} parameters, ` +
    `${grouped(row.multiplyAdds)} multiply-adds, receptive field ${by([row.field, row.field])}.`;
}

function totalSentence(rows) {
  const good = rows.filter((row) => row?.fits);
  const sum = (name) => grouped(good.reduce((total, row) => total + row[name], 0));
  const all = good.length === rows.length && rows.length > 1 ? "All layers together" : good.length > 1 ? `The first ${good.length} layers` : "The first layer";
  return good.length ? `${all}: ${sum("parameters")} parameters, ${sum("multiplyAdds")} multiply-adds for one image.` : "";
}

const stretch = (cells) => (cells.length > 1 ? `${cells[0]} to ${cells.at(-1)}` : String(cells[0]));

function fieldSentence(state, from, [row, column], rows, columns) {
  const inside = (cells) => cells.filter((i) => i >= 0 && i < state.size);
  const [down, across] = [inside(rows), inside(columns)];
  if (!down.length || !across.length) return `The cell in row ${row}, column ${column} of layer ${from} sees nothing but padding.`;
  const count = down.length * across.length;
  const gaps = count < (down.at(-1) - down[0] + 1) * (across.at(-1) - across[0] + 1) ? ", with gaps" : "";
  const clipped = down.length < rows.length || across.length < columns.length ? " The rest of its window is padding." : "";
  return `The cell in row ${row}, column ${column} of layer ${from} depends on rows ${stretch(down)} and columns ${stretch(across)} ` +
    `of the input${gaps}: ${count} of ${grouped(state.size ** 2)} pixels.${clipped}`;
}

function unseenSentence(state, from) {
  const seen = neverSeen(state, from).filter((blind) => !blind).length;
  const blind = state.size ** 2 - seen ** 2;
  return blind ? `Crossed out: ${plural(blind, "pixel")} of ${grouped(state.size ** 2)} that no cell of layer ${from} sees.` : "";
}
