// A box in which a prediction is written down before the answer is seen.
// record: {} (nothing yet), {answer: "9.33"}, or {skipped: true}; revealed: true once it was seen.

function render({ model, el: host }) {
  const options = model.get("options");
  const kind = model.get("kind");
  const unit = model.get("unit");
  const name = freshId();
  const questionId = freshId();

  const choices = options.map((text) => el("input", { type: "radio", name, id: freshId(), value: text }));
  const field = el("input", {
    type: "text", class: kind === "number" ? "ck-number" : "ck-text", id: freshId(),
    inputmode: kind === "number" ? "decimal" : null, autocomplete: "off", maxlength: 500,
    "aria-labelledby": questionId,
  });
  const status = el("p", { class: "ck-status", role: "status" });
  const commit = el("button", { type: "button", class: "ck-main", onclick: write }, "Write it down");
  const skip = el("button", { type: "button", onclick: () => save({ skipped: true }) }, "Skip");
  const change = el("button", { type: "button", onclick: edit }, "Change it");
  const where = el("p", { class: "ck-where" });
  const form = el("div", { class: "ck-form" },
    kind === "choice"
      ? el("div", { role: "radiogroup", "aria-labelledby": questionId },
          ...options.map((text, i) => el("div", { class: "ck-option" },
            el("label", { for: choices[i].id }, choices[i], el("span", {}, ...rich(text))))))
      : el("div", { class: "ck-row" }, field, unit ? el("span", {}, unit) : null),
    el("div", { class: "ck-row" }, commit, skip));
  const root = el("div", { class: "ck ck-predict" },
    el("p", { class: "ck-kicker" }, "Predict first"),
    el("p", { class: "ck-question", id: questionId }, ...rich(model.get("question"))),
    form, status, el("div", { class: "ck-row ck-done" }, change), where);
  guardKeys(root);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault(); // the focus moves to a button, which would take the same key as a click
    write();
  });

  let editing = false;

  function write() {
    const answer = kind === "choice" ? choices.find((box) => box.checked)?.value ?? "" : field.value.trim();
    if (!answer) return complain(kind === "choice" ? "Choose one first, or skip." : "Write something first, or skip.");
    if (kind === "number" && Number.isNaN(parseNumber(answer)))
      return complain(`\u201c${answer}\u201d is not a number. Write one such as 9.33, \u22122 or 1/3.`);
    save({ answer });
  }

  function complain(text) {
    field.setAttribute("aria-invalid", "true");
    status.textContent = text;
  }

  function save(record) {
    editing = false;
    model.set("record", record);
    model.save_changes();
    draw();
    change.focus();
  }

  function edit() {
    editing = true;
    draw();
    (kind === "choice" ? choices.find((box) => box.checked) ?? choices[0] : field).focus();
  }

  function draw() {
    const { answer, skipped, revealed } = model.get("record");
    const done = (answer !== undefined || Boolean(skipped)) && !(editing && !revealed);
    form.hidden = done;
    change.hidden = !done || Boolean(revealed);
    field.removeAttribute("aria-invalid");
    const suffix = unit ? " " + unit : "";
    status.replaceChildren();
    if (done && skipped) status.append("You skipped this one.");
    else if (done) status.append("You wrote: ", el("strong", {}, ...rich(answer), suffix), ".");
    if (done) status.append(revealed ? " The answer has been shown, so this stays." : " Now go on: the answer comes next.");
    where.textContent = model.get("where");
  }

  const { answer } = model.get("record");
  if (answer !== undefined) {
    field.value = answer;
    for (const box of choices) box.checked = box.value === answer;
  }
  model.on("change:record", draw);
  model.on("change:where", draw);
  draw();
  host.append(root);
}

export { parseNumber, show };
export default { render };
