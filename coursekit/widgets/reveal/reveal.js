// The answer to a prediction, on a page without a kernel: shown once a prediction is written.

function render({ model, el: host }) {
  const root = el("div", { class: "ck ck-reveal", role: "status" });

  function draw(record) {
    const { answer, skipped } = record;
    if (answer === undefined && !skipped) {
      root.replaceChildren(el("p", {}, "Write your prediction in the box above first, or skip it. Then the answer shows here."));
      return;
    }
    const said = skipped ? "" : `You wrote ${answer}. `;
    root.replaceChildren(
      el("p", {}, ...rich(said), el("strong", {}, "The answer", said ? " is " : ": ", ...rich(model.get("answer")), ".")),
      model.get("because") ? el("p", {}, ...rich(model.get("because"))) : "");
  }

  const id = model.get("prediction_id");
  draw(readAnswer(id));
  document.addEventListener("coursekit:answer", ({ detail }) => {
    if (detail.id !== id) return;
    draw(detail.record);
  });
  host.append(root);
}

export default { render };
