// Cells that can be changed in place: a small box opens over the cell.

// Give the node that holds a grid and its box. `edit` says which numbers can be changed:
//   read(row, column)         the number of a cell, or null where it cannot be changed
//   name(row, column)         what a screen reader calls the cell
//   write(row, column, value)
// Call `key` with the keys that the grid passes on, and `pick` with every cell that is chosen: the
// second click on a cell opens the box, as Enter and a digit do.
function editable(ui, grid, { read, name, write }) {
  let at = null;
  let open = false;
  const box = numberBox(ui, { label: "", kind: "ck-inplace", onChange: (value) => write(...at, value), onKey: (event) => {
    if (event.key === "Enter" && !box.node.hasAttribute("aria-invalid")) close(event, true);
    if (event.key === "Escape" && !event.defaultPrevented) close(event, true);
  } });
  box.node.hidden = true;
  box.node.addEventListener("blur", (event) => close(event, false));
  const node = el("div", { class: "ck-editable" }, grid.node, box.node);

  function close(event, back) {
    if (!open) return;
    event.preventDefault();
    open = false;
    if (box.node.hasAttribute("aria-invalid")) ui.complain("");
    box.node.removeAttribute("aria-invalid");
    box.node.hidden = true;
    if (back) grid.node.focus({ preventScroll: true });
  }

  function start() {
    const value = at && read(...at);
    if (value === null || value === undefined) return;
    const size = grid.cell();
    const width = Math.max(48, size + 2);
    Object.assign(box.node.style, {
      left: `${Math.max(0, (at[1] + 0.5) * size + 1 - width / 2)}px`, width: `${width}px`,
      top: `${Math.max(0, (at[0] + 0.5) * size + 1 - 16)}px`,
    });
    box.node.setAttribute("aria-label", name(...at));
    box.node.hidden = false;
    open = true;
    box.node.value = "";
    box.show(value);
    box.node.focus({ preventScroll: true });
    box.node.select();
  }

  return {
    node,
    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Enter") event.preventDefault();
      else if (!/^[-0-9.]$/.test(event.key)) return;
      start();
    },
    pick(row, column, how) {
      const again = how === "click" && same(at, [row, column]);
      at = [row, column];
      if (again) start();
    },
    at: () => at,
  };
}
