// Controls: native ones, so that keys, touch and screen readers work as everywhere else. Each is
// { field, node, show }: `field` is placed on the page with its label, `show(value)` is called by
// `draw` and calls nothing back.

const controls = (...fields) => el("div", { class: "ck-controls" }, ...fields);

const labelled = (label, node) =>
  el("div", { class: "ck-field" }, el("label", { for: (node.id = freshId()) }, label), node);

// A menu of [value, text] pairs.
function menu(label, entries, onPick) {
  const node = el("select", { onchange: () => onPick(node.value) });
  let offered = [];
  const offer = (list) => {
    if (same(list, offered)) return;
    offered = list;
    node.replaceChildren(...list.map(([value, text]) => el("option", { value }, text)));
  };
  offer(entries);
  return { node, field: labelled(label, node), offer, show: (value) => (node.value = value) };
}

// A whole number between two limits; what is typed beyond them becomes the limit.
function wholeBox(label, low, high, onChange) {
  let shown = low;
  const node = el("input", { type: "number", min: low, max: high, step: 1, class: "ck-count", onchange: () => {
    const value = Math.round(Number(node.value));
    const good = node.value.trim() !== "" && Number.isFinite(value);
    const next = good ? within(value, Number(node.min), Number(node.max)) : shown;
    node.value = next;
    if (next !== shown) onChange(next);
  } });
  return { node, field: labelled(label, node), show: (value) => (node.value = shown = value) };
}

function slider(label, { min, max, step = 1, read = show }, onInput) {
  const node = el("input", { type: "range", min, max, step, class: "ck-slider", oninput: () => onInput(Number(node.value)) });
  const told = el("output", { class: "ck-told", "aria-hidden": "true" });
  const field = labelled(label, node);
  field.append(told);
  return { node, field, show(value) {
    node.value = value;
    told.textContent = read(value);
    node.setAttribute("aria-valuetext", read(value));
  } };
}

function tickBox(label, onChange) {
  const node = el("input", { type: "checkbox", id: freshId(), onchange: () => onChange(node.checked) });
  const field = el("div", { class: "ck-tick" }, node, el("label", { for: node.id }, label));
  return { node, field, show: (value) => (node.checked = value) };
}

const button = (label, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, label);

// A number that is typed: 2, -0.5, 1/9. Anything else is refused; Escape takes the typing back.
// `onLeave(key)` is told that Enter or an arrow key is done with it.
function numberBox(ui, { label, kind = "", digits = 3, onChange, onKey }) {
  let shown = "";
  const node = el("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: kind, "aria-label": label,
    onfocus: () => node.select(), onchange: commit, onkeydown: (event) => {
      if (event.key === "Enter") commit();
      else if (event.key === "Escape" && node.value !== shown) {
        event.preventDefault(); // the first Escape takes the typing back, the second one leaves
        node.value = shown;
        accept();
      }
      onKey?.(event);
    } });

  function accept() {
    node.removeAttribute("aria-invalid");
    ui.complain("");
  }

  function commit() {
    if (node.value === shown) return node.hasAttribute("aria-invalid") && accept();
    const value = parseNumber(node.value);
    if (Number.isNaN(value)) {
      node.setAttribute("aria-invalid", "true");
      ui.complain(`\u201c${node.value}\u201d is not a number. Write one such as 2, \u22120.5 or 1/9.`);
      return;
    }
    accept();
    shown = node.value;
    onChange(value);
  }

  return { node, show(value) {
    const typing = document.activeElement === node && node.value !== shown;
    shown = show(value, digits);
    if (typing) return;
    node.value = shown;
    if (node.hasAttribute("aria-invalid")) accept();
  } };
}

// A matrix of number boxes; the up and down arrows walk between its rows. `name(row, column)` is
// what a screen reader calls a box, `onChange` is given the whole new matrix.
function numberTable(ui, { label, name = (a, b) => `Weight in row ${a}, column ${b}`, digits = 3, onChange }) {
  const node = el("div", { class: "ck-weights", role: "group", "aria-label": label });
  let [boxes, values] = [[], []];

  function build(rows, columns) {
    node.style.gridTemplateColumns = `repeat(${columns}, minmax(0, ${columns > 5 ? 38 : 46}px))`;
    boxes = values.flatMap((row, a) => row.map((_, b) => numberBox(ui, { label: name(a, b), digits,
      onChange: (value) => onChange(values.map((line, i) => line.map((old, j) => (i === a && j === b ? value : old)))),
      onKey: (event) => {
        const step = { ArrowUp: -columns, ArrowDown: columns }[event.key];
        if (!step || rows === 1) return;
        event.preventDefault();
        boxes[a * columns + b + step]?.node.focus();
      } })));
    node.replaceChildren(...boxes.map((box) => box.node));
  }

  return { node, focus: () => boxes[0]?.node.focus(), show(matrix) {
    const changed = values.length !== matrix.length || values[0].length !== matrix[0].length;
    values = matrix;
    if (changed) build(matrix.length, matrix[0].length);
    matrix.flat().forEach((value, i) => boxes[i].show(value));
  } };
}
