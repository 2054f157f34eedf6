// A sum of products, told in full: each term is { value, weight, product } and may be `padded`.

const MOST_TERMS = 25; // products that a line tells; the rest is counted
const factor = (value) => (value < 0 ? `(${show(value, 3)})` : show(value, 3));
const sumOf = (terms) => terms.reduce((total, { product }) => total + product, 0);

function sumLine(terms) {
  const nonzero = terms.length > 9 ? terms.filter(({ product }) => product !== 0) : terms;
  const told = nonzero.slice(0, MOST_TERMS);
  const parts = told.flatMap(({ value, weight, padded }, i) => [
    i ? " + " : "",
    el("span", { class: padded ? "ck-term ck-lead" : "ck-term" }, `${factor(value)}\u00b7${factor(weight)}`),
  ]);
  const more = nonzero.length - told.length;
  const silent = terms.length - nonzero.length;
  const rest = (more ? ` + ${plural(more, "product")} more` : "") +
    (silent ? ` ${told.length ? "+ " : ""}${plural(silent, "product")} of 0` : "");
  return [...parts, rest, " = ", el("strong", {}, show(sumOf(terms), 3))];
}
