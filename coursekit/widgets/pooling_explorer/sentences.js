// What the pooling explorer says about its numbers.

const MODES = [["max", "Maximum"], ["average", "Average"], ["global_average", "Global average"]];

function valueLine(mode, values) {
  const result = show(poolValue(mode, values), 3);
  const long = values.length > 16;
  if (mode === "max") return `max(${long ? `${values.length} values` : values.map((value) => show(value)).join(", ")}) = ${result}`;
  const sum = values.reduce((total, value) => total + value, 0);
  const told = long ? `sum of all ${values.length} values, ${show(sum)},` : `(${values.map(factor).join(" + ")})`;
  return `${told} / ${values.length} = ${result}`;
}

function cellSentence(state, copy, [row, column]) {
  const place = windowOf(state, row, column);
  const before = valuesIn(state.image, place);
  const after = valuesIn(copy, place);
  const cut = place.cut ? ` The window is cut off at the border: ${before.length} of its ${state.size * state.size} cells are there.` : "";
  const head = `${valueLine(state.mode, before)}.${cut}`;
  if (!state.shift[0] && !state.shift[1]) return head;
  const same = !differs(poolValue(state.mode, before), poolValue(state.mode, after));
  return `${head} After the shift: ${valueLine(state.mode, after)}, ${same ? "the same" : "changed"}.`;
}

function shiftName([down, right]) {
  const parts = [down && `${Math.abs(down)} ${down > 0 ? "down" : "up"}`, right && `${Math.abs(right)} ${right > 0 ? "right" : "left"}`];
  return parts.filter(Boolean).join(" and ") || "not shifted";
}

const shareOf = (mask) => `${countOf(mask)} of ${plural(mask.flat().length, "cell")} changed`;

function shiftSentence(state, found) {
  if (!state.shift[0] && !state.shift[1]) return "Shift the image with the arrows, or drag the copy.";
  const { inside, outside } = found;
  const [changes, all] = [countOf(outside), outside.flat().length];
  const head = `Shifted ${shiftName(state.shift)}: ${shareOf(inside)} in the image, ${shareOf(outside)} in the output.`;
  const along = movedAlong(state, found);
  if (!changes) return `${head} Pooling does not notice this shift.`;
  if (along) return `${head} The output has moved along, ${shiftName(along)}: the image moved by a whole number of strides.`;
  return `${head} ${changes === all ? "No cell" : `${plural(all - changes, "cell")}`} of the output kept ${all - changes > 1 ? "their" : "its"} value.`;
}

function sizeSentences(state, blind) {
  const { image, mode, size, ceil_mode: ceil } = state;
  const facts = ["Pooling has no weights: 0 parameters."];
  if (mode === "global_average") return [`One mean of all ${image.length * image[0].length} cells, whatever the size of the map.`, ...facts];
  const stride = state.stride;
  const shape = poolShape(state);
  const line = (name, n, result) => {
    const exact = (n - size) / stride;
    const rounded = Number.isInteger(exact) ? show(exact) : `${ceil ? "ceil" : "floor"}(${show(exact)})`;
    const late = ceil && Math.max(Math.ceil(exact), 0) + 1 > result;
    return `${name}: (${n} \u2212 ${size}) / ${stride} = ${show(exact)}, so ${exact < 0 && !ceil ? "no window fits" : `${exact < 0 ? "0" : rounded} + 1 = ${result + Number(late)}`}` +
      `${late ? `, less one window that would begin outside: ${result}` : ""}.`;
  };
  return [line("Rows", image.length, shape[0]) + " " + line("Columns", image[0].length, shape[1]),
    ...(blind && shape[0] ? [`Crossed out: ${plural(blind, "cell")} that no window covers.`] : []), ...facts];
}
