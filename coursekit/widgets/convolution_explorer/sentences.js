// What the convolution explorer says about its numbers.

const sign = (text) => el("span", { class: "ck-sign", "aria-hidden": "true" }, text);

function unseenSentence(blind) {
  const rows = blind.filter((row) => row.every(Boolean)).length;
  const columns = blind[0].filter((_, x) => blind.every((row) => row[x])).length;
  if (!rows && !columns) return "";
  const parts = [rows && plural(rows, "row"), columns && plural(columns, "column")].filter(Boolean);
  return `Crossed out: ${parts.join(" and ")} that no patch covers. The kernel never sees ${rows + columns > 1 ? "them" : "it"}.`;
}

function spokenSum([row, column], terms) {
  const told = terms.length > 9 ? `sum of ${terms.length} products`
    : terms.map(({ value, weight }) => `${show(value, 3)} times ${show(weight, 3)}`).join(" plus ");
  return `Output, row ${row}, column ${column}: ${told} = ${show(sumOf(terms), 3)}`;
}

// One line for the rows and one for the columns, with the numbers of the formula filled in.
function sizeLine(name, n, kernel, { stride, padding, dilation }) {
  const size = span(kernel, dilation);
  const free = n + 2 * padding - size;
  const exact = free / stride;
  const quotient = Number.isInteger(exact) ? show(exact) : `floor(${show(exact)})`;
  const start = `${name}: floor((${n} + 2\u00b7${padding} \u2212 ${size}) / ${stride}) + 1 = `;
  return el("div", {}, start, ...(free >= 0 ? [`${quotient} + 1 = `, el("strong", {}, String(outputSize(n, kernel, stride, padding, dilation)))]
    : ["the kernel does not fit"]));
}

function spanSentence([m, n], dilation) {
  if (dilation === 1) return "";
  const told = [...new Set([m, n])].map((k) => `a kernel of ${k} reaches over ${dilation}\u00b7(${k} \u2212 1) + 1 = ${span(k, dilation)} cells`);
  return `With a dilation of ${dilation}, ${told.join(", ")}.`;
}
