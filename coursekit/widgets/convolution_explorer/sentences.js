// What the convolution explorer says about its numbers.

const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
const by = ([rows, columns]) => `${rows} \u00d7 ${columns}`;
const sign = (text) => el("span", { class: "ck-sign", "aria-hidden": "true" }, text);
const factor = (value) => (value < 0 ? `(${show(value, 3)})` : show(value, 3));

function unseenSentence(blind) {
  const rows = blind.filter((row) => row.every(Boolean)).length;
  const columns = blind[0].filter((_, x) => blind.every((row) => row[x])).length;
  if (!rows && !columns) return "";
  const parts = [rows && plural(rows, "row"), columns && plural(columns, "column")].filter(Boolean);
  return `Crossed out: ${parts.join(" and ")} that no patch covers. With this stride the kernel never sees ${rows + columns > 1 ? "them" : "it"}.`;
}

function colourSentence(values) {
  return Math.min(...values) < 0 ? "Purple: below 0. White: 0. Orange: above 0." : "The brighter, the larger.";
}

function sumLine(terms) {
  const told = terms.length > 9 ? terms.filter(({ product }) => product !== 0) : terms;
  const parts = told.flatMap(({ pixel, weight, padded }, i) => [
    i ? " + " : "",
    el("span", { class: padded ? "ck-term ck-term-pad" : "ck-term" }, `${factor(pixel)}\u00b7${factor(weight)}`),
  ]);
  const silent = terms.length - told.length;
  const rest = silent ? ` ${told.length ? "+ " : ""}${plural(silent, "product")} of 0` : "";
  return [...parts, rest, " = ", el("strong", {}, show(sumOf(terms), 3))];
}
