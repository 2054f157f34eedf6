// A question with one right option (radio buttons) or several (tick boxes).

// The answers are packed so that they are not read by accident. Anyone who wants to can unpack
// them: a quiz here is for learning, not for marks.
function unseal(sealed) {
  const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0) ^ 90);
  return JSON.parse(new TextDecoder().decode(bytes));
}

// What the ticks are worth: which are wrong, and whether a right one is missing.
function judge(key, chosen) {
  const wrong = chosen.filter((i) => !key[i][0]).length;
  const right = chosen.length - wrong;
  const missing = key.filter(([correct]) => correct).length - right;
  return { right, wrong, missing, solved: wrong === 0 && missing === 0 };
}

function verdict(multiple, { right, wrong, missing, solved }) {
  if (solved) return "Right.";
  if (!multiple) return "Not yet. Read the note under your choice, then try again.";
  if (!wrong) return `Not complete yet: what you ticked is right, but there is more.`;
  const first = right ? `${right} of your ${right + wrong} ticks fit.` : "Not yet.";
  return `${first} Read the notes, then try again.${missing ? " At least one right option is missing." : ""}`;
}

function render({ model, el: host }) {
  const options = model.get("options");
  const multiple = model.get("multiple");
  const key = unseal(model.get("sealed"));
  const name = freshId();
  let shown = new Set();

  const boxes = options.map(() =>
    el("input", { type: multiple ? "checkbox" : "radio", name, id: freshId() }));
  const notes = options.map(() => el("p", { class: "ck-note", id: freshId(), hidden: true }));
  const rows = options.map((text, i) =>
    el("div", { class: "ck-option" },
      el("label", { for: boxes[i].id }, boxes[i], el("span", {}, ...rich(text))), notes[i]));
  const status = el("p", { class: "ck-status", role: "status" });
  const check = el("button", { type: "button", class: "ck-main", onclick: submit }, "Check");
  const others = el("button", { type: "button", hidden: true, onclick: showAll },
    "Why not the others?");
  const tries = el("span", { class: "ck-tries" });
  const where = el("p", { class: "ck-where" });
  const root = el("div", { class: "ck ck-quiz" },
    el("fieldset", {}, el("legend", {}, ...rich(model.get("question"))),
      multiple ? el("p", { class: "ck-hint" }, "More than one may be right: tick all that are.") : null,
      ...rows),
    el("div", { class: "ck-row" }, check, others, tries), status, where);
  guardKeys(root);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) submit();
  });
  root.addEventListener("change", () => {
    // The notes belong to the choice that was checked, not to the new one.
    if (!model.get("record").right) explain([]);
    status.textContent = "";
    status.className = "ck-status";
  });

  const chosen = () => boxes.flatMap((box, i) => (box.checked ? [i] : []));

  function explain(which) {
    shown = new Set(which);
    options.forEach((_, i) => {
      const open = shown.has(i);
      const [correct, note] = key[i];
      notes[i].hidden = !open;
      notes[i].className = "ck-note " + (correct ? "ck-good" : "ck-bad");
      notes[i].replaceChildren();
      if (open) notes[i].append(el("strong", {}, correct ? "\u2713 Right: " : "\u2717 Not this: "), ...rich(note));
      if (open) boxes[i].setAttribute("aria-describedby", notes[i].id);
      else boxes[i].removeAttribute("aria-describedby");
    });
    const solved = Boolean(model.get("record").right);
    others.hidden = !solved || shown.size === options.length;
  }

  function showAll() {
    explain(options.map((_, i) => i));
    say("Here is a note for every option.", "");
    check.focus();
  }

  function say(text, mood) {
    status.textContent = text;
    status.className = "ck-status " + mood;
  }

  function submit() {
    const picked = chosen();
    if (!picked.length) return say("Choose an option first.", "");
    const result = judge(key, picked);
    const before = model.get("record");
    if (!before.right) {
      // Once it is right, looking at other options is reading, not another attempt.
      model.set("record", {
        chosen: picked.map((i) => options[i]),
        attempts: (before.attempts ?? 0) + 1,
        right: result.solved,
      });
      model.save_changes();
    }
    explain(picked);
    const spoken = picked.map((i) => key[i][1]).join(" ").replaceAll("`", "");
    status.replaceChildren(verdict(multiple, result), el("span", { class: "ck-hidden" }, " " + spoken));
    status.className = "ck-status " + (result.solved ? "ck-good" : "ck-bad");
  }

  function count() {
    const { attempts = 0, right = false } = model.get("record");
    tries.textContent = !attempts ? ""
      : `${right ? "Solved. " : ""}Attempts: ${attempts}`;
    where.textContent = model.get("where");
  }

  function restore() {
    const before = model.get("record");
    const picked = (before.chosen ?? []).map((text) => options.indexOf(text)).filter((i) => i >= 0);
    boxes.forEach((box, i) => (box.checked = picked.includes(i)));
    if (!picked.length) return;
    explain(picked);
    const result = judge(key, picked);
    say(verdict(multiple, result), result.solved ? "ck-good" : "ck-bad");
  }

  model.on("change:record", count);
  model.on("change:where", count);
  restore();
  count();
  host.append(root);
}

export { judge, parseNumber, show, unseal };
export default { render };
