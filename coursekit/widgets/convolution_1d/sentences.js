// What the widget says about its numbers.

function spokenWindow(state) {
  const { signal, kernel, selected } = state;
  if (selected < 0 || kernel.length > signal.length) return "The kernel does not fit into the signal.";
  const divisor = divisorOf(state);
  const [plain, turned] = [false, true].map((flip) => show(sumOf(windowTerms(signal, kernel, flip, selected)) / divisor, 3));
  return `Readings ${selected} to ${selected + kernel.length - 1}. ${divisor === 1 ? "Sum" : "Average"} without the flip: ${plain}. With the flip: ${turned}.`;
}

function noteSentence({ kernel, average }, [plain, turned]) {
  if (!plain.length) return "";
  const parts = [];
  if (average && divisorOf({ kernel, average }) === 1 && Math.abs(kernelSum(kernel) - 1) > 1e-9)
    parts.push("The weights add up to 0, so there is no average: you see the sums.");
  if (same(kernel, [...kernel].reverse())) parts.push("This kernel reads the same from both ends: the flip changes nothing.");
  else {
    const apart = plain.filter((value, i) => Math.abs(value - turned[i]) > 1e-9 * (1 + Math.abs(value))).length;
    parts.push(`The flip changes ${apart} of ${plural(plain.length, "result")}.`);
  }
  return parts.join(" ");
}
