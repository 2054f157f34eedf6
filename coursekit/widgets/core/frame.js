// The frame of a widget. A whole widget is this and no more:
//
//   const render = courseWidget("tally", ["n"], (ui) => {
//     const n = wholeBox("How many", 0, 9, (value) => {
//       ui.set({ n: value });
//       ui.say(plural(value, "cell"));
//     });
//     const cells = cellGrid(ui, { label: "Cells", onPick: (row, column) => ui.set({ n: column }) });
//     return {
//       nodes: [controls(n.field), cells.node],
//       draw() { // after every change, whoever made it, and when the width or the theme changes
//         n.show(ui.state.n);
//         cells.draw([Array.from({ length: 10 }, (_, i) => (i < ui.state.n ? 1 : 0))]);
//       },
//     };
//   });
//   export default { render };
//
// `ui` gives
//   state, initial   the named traits as they are, and as they were at first: read only
//   set(changes)     changes traits, here and in the kernel; `draw` follows once for all of them
//   say(text)        tells it to a screen reader: what a key, a click or a control has done
//   complain(text)   writes what is wrong under the controls, and tells it; "" takes it back
//   live(update)     tells `update` to draw soon, once a frame: for a pointer that is dragged
//   after(update)    tells it to draw after the next frame
//   soon(update)     draws at once, and while the widget is mounted after its first frame: for panels
//                    that the eye does not look at first
//   width, colours   the space inside in CSS pixels; ink, soft, paper, panel, line, edge, accent, second
//   kernel()         the connection to the kernel where the page offers it (JupyterLab, Notebook), else null
//   root, complaint  the widget's element, and the one of the complaint, to be placed among `nodes`
// A widget whose `build` also returns `stop` has it called when it leaves the page.

const COLOURS = ["ink", "soft", "paper", "panel", "line", "edge", "accent", "second"];

function courseWidget(kind, keys, build) {
  return function ({ model, el: host }) {
    const read = () => Object.fromEntries(keys.map((key) => [key, model.get(key)]));
    const spoken = el("p", { class: "ck-hidden", role: "status" });
    const complaint = el("p", { class: "ck-complaint", role: "alert" });
    const root = el("div", { class: `ck ck-${kind}` });
    let frame = 0;
    const ui = {
      root, complaint, initial: read(), state: read(), width: 600, colours: {},
      set(changes) {
        for (const [key, value] of Object.entries(changes)) model.set(key, value);
        model.save_changes();
        ui.state = read();
      },
      say: (text) => (spoken.textContent = text),
      complain: (text) => (complaint.textContent = text),
      kernel: () => model.widget_manager?.kernel ?? null,
      live(update) {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(update);
      },
      after: (update) => ui.live(() => ui.live(update)),
      soon: (update) => (mounted ? update() : ui.after(update)),
    };
    let mounted = false;
    let seen = 0; // the root's width when it was last measured

    // To ask for sizes and colours makes the browser lay out the page, so a change of a trait does not.
    function measure() {
      const style = getComputedStyle(root);
      seen = root.clientWidth;
      // Off the page, as JupyterLab takes cells at times, it has no size and no colours: it keeps its own.
      const width = Math.floor(seen - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
      if (width > 0) ui.width = width;
      for (const name of COLOURS) ui.colours[name] = style.getPropertyValue(`--ck-${name}`).trim() || ui.colours[name] || "#767676";
    }

    // Its width does not hang on what is in it, and while it is empty it is laid out in no time.
    host.append(root);
    measure();
    const { nodes, draw, stop } = build(ui);
    guardKeys(root);

    function redraw() {
      ui.state = read();
      draw();
    }

    function look() {
      measure();
      redraw();
    }

    // One click may set several traits: draw once.
    let waiting = false;
    const later = () => {
      if (waiting) return;
      waiting = true;
      queueMicrotask(() => { waiting = false; redraw(); });
    };
    for (const key of keys) model.on("change:" + key, later);
    // The first time it is drawn off the page: on it, canvases and fonts would have the half-finished
    // widget laid out again and again.
    redraw();
    mounted = true;
    root.append(...nodes);
    if (!root.contains(complaint)) root.append(complaint);
    root.append(spoken);
    const unwatch = watchLook(root, look, () => {
      const before = seen;
      seen = root.clientWidth;
      return seen > 0 && seen !== before;
    });
    return () => {
      cancelAnimationFrame(frame);
      unwatch();
      stop?.();
    };
  };
}

// Calls `look` when the root is `resized()`, and when the theme or the screen's resolution changes.
function watchLook(root, look, resized) {
  const end = new AbortController();
  const size = new ResizeObserver(() => resized() && look());
  size.observe(root);
  const theme = new MutationObserver(() => requestAnimationFrame(look)); // when the new style is there
  theme.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-theme", "data-jp-theme-name"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", look, { signal: end.signal });
  let ratio = devicePixelRatio;
  addEventListener("resize", () => {
    if (ratio !== devicePixelRatio) look();
    ratio = devicePixelRatio;
  }, { signal: end.signal });
  return () => { size.disconnect(); theme.disconnect(); end.abort(); };
}
