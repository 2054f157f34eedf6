// What the architecture explorer says about its numbers.

const sized = (numbers) => numbers.join(" \u00d7 ");
const bytes = (number) => number < 1e6 ? `${show(number / 1e3, 1)} kB` : `${show(number / 1e6, 1)} MB`;
const percent = (share) => share > 0 && share < 0.0005 ? "under 0.1 %" : `${show(100 * share, 1)} %`;
const MEASURE_NAMES = { parameters: "Parameters", multiplyAdds: "Multiply-adds", neurons: "Neurons", memory: "Memory" };
const amount = (measure, number) => (measure === "memory" ? bytes(number) : grouped(number));

function fieldWords(field, shape) {
  if (!field || shape.length < 3) return "not known";
  const sides = Array.isArray(field) ? field : [field, field];
  const whole = sides.every((side, i) => side >= shape[i + 1]);
  return whole ? `the whole picture (${sized(sides)})` : `${sized(sides)} pixels of ${sized(shape.slice(1))}`;
}

// Pairs of name and value: all that there is to say about one line.
function facts(item, layers, shape) {
  const shares = (measure) => `${amount(measure, item[measure])} (${percent(item[measure] / (total(layers, measure) || 1))} of all)`;
  const out = item.shape.length ? [["Comes out", sized(item.shape)]] : [];
  return [...out, ...MEASURES.map((measure) => [MEASURE_NAMES[measure], shares(measure)]), ["Receptive field", fieldWords(item.field, shape)]];
}

const itemSentence = (name, item, layers, shape) =>
  `${name}, ${item.name}: ${item.text}. ${facts(item, layers, shape).map((pair) => pair.join(": ")).join(". ")}.`;

// Where a network's parameters, work and neurons sit.
function whereSentence(layers) {
  const told = [["parameters", "parameters"], ["multiplyAdds", "multiply-adds"], ["neurons", "neurons"]].map(([measure, word]) => {
    const dense = shareOf(layers, measure, "dense");
    return `${percent(dense)} of its ${word}`;
  });
  return `Dense layers have ${told[0]}, ${told[1]} and ${told[2]}.`;
}

function totalSentence(name, layers) {
  return `${name}: ${grouped(total(layers, "parameters"))} parameters, ${grouped(total(layers, "multiplyAdds"))} multiply-adds, ` +
    `${grouped(total(layers, "neurons"))} neurons. ${whereSentence(layers)}`;
}

// Which of two totals is the larger, and how many times as large.
function ratioWords(names, [left, right]) {
  if (left === right) return "equal";
  const [small, large] = [Math.min(left, right), Math.max(left, right)];
  const name = names[left > right ? 0 : 1];
  return small ? `${name} \u00d7 ${show(large / small, large / small < 10 ? 1 : 0)}` : `${name} alone`;
}
