// Numbers in a row that are typed: 3 5 2.5. A comma without a space after it could be a decimal
// comma or could part two numbers, so it is refused. null where the text cannot be read.
function parseNumbers(text) {
  if (/\S,\S/.test(text)) return null;
  const numbers = text.split(/[\s;]+|,(?=\s|$)/).filter(Boolean).map(parseNumber);
  return numbers.length && !numbers.some(Number.isNaN) ? numbers : null;
}

function numbersBox(ui, label, most, onChange) {
  let shown = "";
  const node = el("input", { type: "text", autocomplete: "off", spellcheck: "false", class: "ck-numbers",
    onchange: commit, onkeydown: (event) => {
      if (event.key === "Enter") commit();
      else if (event.key === "Escape" && node.value !== shown) {
        event.preventDefault();
        node.value = shown;
        refuse("");
      }
    } });

  function refuse(text) {
    node.toggleAttribute("aria-invalid", false);
    if (text) node.setAttribute("aria-invalid", "true");
    ui.complain(text);
  }

  function commit() {
    if (node.value === shown) return refuse("");
    const numbers = parseNumbers(node.value);
    if (!numbers) return refuse(`\u201c${node.value}\u201d cannot be read. Write numbers with spaces between them, and a point in decimals: 3 5 2.5`);
    if (numbers.length > most) return refuse(`These are ${numbers.length} numbers; write ${most} at most.`);
    refuse("");
    shown = node.value;
    onChange(numbers);
  }

  return { node, field: labelled(label, node), show(numbers) {
    const typing = document.activeElement === node && node.value !== shown;
    shown = numbers.map((number) => String(Number(number.toFixed(4)))).join(" ");
    if (typing) return;
    node.value = shown;
    if (node.hasAttribute("aria-invalid")) refuse("");
  } };
}
