// Keys, drafts, and decisions sent one by one. The page itself is made on the server.

const page = document.body.dataset;
const $ = (id) => document.getElementById(id);
const store = `coursekit:${page.book}:${page.set}`;

// What is said at the bottom of the page.

let quiet;
function say(text, wrong = false) {
  clearTimeout(quiet);
  $("said").textContent = text;
  $("said").classList.toggle("wrong", wrong);
  if (!wrong) quiet = setTimeout(() => { $("said").textContent = ""; }, 6000);
}

// Drafts: what is typed and not saved stays in this browser, also when the page or server goes.

function draftKey(field) {
  const form = field.form.dataset;
  return `${store}:draft:${form.student}:${form.kind}:${form.function ?? ""}:${field.name}`;
}

function keepDraft(field) {
  const saved = field.value === field.defaultValue;
  field.classList.toggle("unsaved", !saved);
  try {
    if (saved) localStorage.removeItem(draftKey(field));
    else localStorage.setItem(draftKey(field),
      JSON.stringify({ value: field.value, seen: field.form.dataset.seen ?? null }));
  } catch { say("This browser keeps no drafts; save before you leave.", true); }
}

function restoreDrafts(root) {
  for (const field of root.querySelectorAll("[data-draft]")) {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(draftKey(field))); } catch { /* not ours */ }
    if (kept === null) continue;
    field.value = kept.value;
    // Written against an older version: saving it then asks, and goes over nobody's mark unseen.
    if (kept.seen !== null && field.form.dataset.seen !== undefined) field.form.dataset.seen = kept.seen;
    field.classList.add("unsaved");
    field.closest("details")?.setAttribute("open", "");
  }
}

function dropDrafts(form) {
  for (const field of form.querySelectorAll("[data-draft]")) localStorage.removeItem(draftKey(field));
}

// Undo: what was done in this window, the last first.

function done() {
  try { return JSON.parse(sessionStorage.getItem(`${store}:done`)) ?? []; } catch { return []; }
}
function setDone(list) { sessionStorage.setItem(`${store}:done`, JSON.stringify(list.slice(-200))); }

// Sending.

async function send(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    say("Not saved: the server does not answer. What you wrote stays here.", true);
    return null;
  }
  const said = await response.json().catch(() => ({ said: "Not saved: this page is no longer known to the server; open its address anew." }));
  if (response.ok || response.status === 409) return { status: response.status, ...said };
  say(said.said ?? "Not saved.", true);
  return { status: response.status, ...said };
}

const waiting = new Set();

async function decide(form, over = null) {
  const { kind, student, view } = form.dataset;
  const seen = over?.seen ?? form.dataset.seen ?? 0;
  const value = form.elements.value.value;
  const name = form.elements.function?.value ?? form.dataset.function ?? "";
  const key = `${student}:${kind}:${name}`;
  if (waiting.has(key)) return false; // pressed twice
  waiting.add(key);
  const answer = await send("/decide", {
    student, kind, view, value, function: name,
    reason: form.elements.reason?.value ?? "",
    bonus: form.elements.bonus?.checked ?? false,
    seen: Number(seen),
  });
  waiting.delete(key);
  if (answer === null) return false;
  if (answer.status === 409) { await conflict(form, value, answer.theirs); return false; }
  if (answer.status === 422 && answer.said?.includes("bonus")) {
    form.querySelector(".bonus").hidden = false;
    form.elements.value.focus();
    return false;
  }
  if (answer.status !== 200) return false;
  dropDrafts(form);
  setDone([...done(), { change: answer.change, student }]);
  show(answer, form);
  const what = answer.function && kind !== "comment" ? `${kind} of ${answer.function}` : kind;
  say(answer.value === null ? `${answer.label}: ${what} taken back.` : `${answer.label}: ${what} saved.`);
  if (answer.trouble) say(`Saved in the gradebook; ${answer.trouble}`, true);
  return true;
}

function show(answer, form = null) {
  if (answer.html && page.student === answer.student && $("panel")) {
    const held = document.activeElement?.id;
    const open = [...document.querySelectorAll("#panel details")].map((one) => one.open);
    const top = $("panel").scrollTop;
    $("panel").innerHTML = answer.html; // made by the server's templates, every value escaped
    if (open.length === document.querySelectorAll("#panel details").length) {
      document.querySelectorAll("#panel details").forEach((one, place) => { one.open = open[place]; });
    }
    restoreDrafts($("panel"));
    $("panel").scrollTop = top;
    if (held) $(held)?.focus();
  } else if (form) {
    form.dataset.seen = answer.seen;
    for (const field of form.querySelectorAll("[data-draft]")) {
      field.defaultValue = field.value;
      field.classList.remove("unsaved");
    }
  }
}

async function undo(change, student) {
  const view = page.page === "hand-in" ? "panel" : "";
  const answer = await send("/undo", { change, student, view });
  if (answer === null) return;
  setDone(done().filter((one) => one.change !== change));
  if (answer.status === 409) {
    say(`Not undone: ${answer.theirs.who || "somebody"} has decided the same thing since.`, true);
  } else if (answer.status === 200) {
    if (page.page === "hand-in") {
      show(answer);
      say(`Undone for ${answer.label}: ${answer.kind}.`);
    } else {
      sessionStorage.setItem(`${store}:said`, `Undone for ${answer.label}: ${answer.kind}.`);
      location.reload();
    }
  }
}

// Two people at once: both values are shown, and the one who comes later chooses.

function words(value) { return value === null || value === "" ? "nothing by hand" : String(value); }

function conflict(form, mine, theirs) {
  const dialog = $("conflict");
  $("theirs").textContent = words(theirs.value) + (theirs.reason ? ` (${theirs.reason})` : "");
  $("theirs-by").textContent = theirs.who ? `${theirs.who}, ${theirs.when}` : "";
  $("mine").textContent = words(mine);
  dialog.showModal();
  return new Promise((resolve) => {
    const finish = (then) => { dialog.close(); dialog.onclose = null; resolve(then); };
    $("keep-theirs").onclick = () => {
      dropDrafts(form);
      finish(false);
      sessionStorage.setItem(`${store}:said`, "Theirs stays.");
      location.reload();
    };
    $("put-mine").onclick = async () => { finish(true); await decide(form, theirs); };
    dialog.onclose = () => resolve(false); // Esc: nothing is decided, the draft stays
  });
}

// The page's parts.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form.decide")) return;
  event.preventDefault();
  decide(form);
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-draft]")) keepDraft(event.target);
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".filters select")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  if (button.matches(".undo")) undo(Number(button.dataset.change), button.dataset.student);
  else if (button.matches(".suggestion")) suggest(button);
  else if (button.matches("[data-close]")) button.closest("dialog").close();
  else if (button.id === "help-button") $("help").showModal();
  else if (button.id === "names") hideNames();
});

function suggest(button) {
  const field = $("comment");
  field.value += (field.value && !field.value.endsWith("\n") ? "\n" : "") + button.textContent;
  keepDraft(field);
  field.focus();
}

async function hideNames() {
  const answer = await send("/names", { anonymous: page.anonymous !== "yes" });
  if (answer?.status === 200) location.reload();
}

// Keys.

const keysOn = $("keys-on");
keysOn.checked = localStorage.getItem("coursekit:keys") !== "off";
keysOn.addEventListener("change", () => {
  localStorage.setItem("coursekit:keys", keysOn.checked ? "on" : "off");
});

function move(step) {
  const rows = [...document.querySelectorAll("a.row")];
  if (!rows.length) return;
  const here = rows.findIndex((row) => (row.closest("article, tr")).contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function pointsField(number) {
  const within = page.page === "side"
    ? document.activeElement?.closest("article") ?? document.querySelector("article")
    : $("panel");
  return within?.querySelector(`[data-number="${page.page === "side" ? 1 : number}"]`) ?? null;
}

async function reviewedAndOn() {
  const form = document.querySelector("form.reviewed");
  if (form === null) return;
  const next = document.querySelector('[data-key="j"]');
  const saved = form.elements.value.value === "" || await decide(form);
  if (!saved) return;
  if (next) location.assign(next.href);
  else say("That was the last one.");
}

const keys = {
  "?": () => $("help").showModal(),
  r: reviewedAndOn,
  c: () => $("comment")?.focus(),
  z: () => { const last = done().at(-1); if (last === undefined) say("There is nothing to undo here."); else undo(last.change, last.student); },
  n: hideNames,
  "/": () => { if ($("search")) $("search").focus(); else location.assign("/"); },
  o: () => {
    const all = [...document.querySelectorAll("details.handed-out")];
    const open = all.some((one) => !one.open);
    all.forEach((one) => { one.open = open; });
  },
};

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select");
  if (event.altKey && /^[1-9]$/.test(event.key)) {
    const button = document.querySelectorAll(".suggestion")[event.key - 1];
    if (button) { event.preventDefault(); suggest(button); }
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && field?.form?.matches(".decide")) {
    event.preventDefault();
    field.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && field) { field.blur(); return; }
  if (field || event.ctrlKey || event.metaKey || event.altKey || !keysOn.checked) return;
  if (document.querySelector("dialog[open]")) return;
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (link) { event.preventDefault(); location.assign(link.href); return; }
  if (/^[1-9]$/.test(event.key)) {
    const points = pointsField(event.key);
    if (points) { event.preventDefault(); points.focus(); points.select(); }
    return;
  }
  if (page.page !== "hand-in" && (event.key === "j" || event.key === "k")) {
    event.preventDefault();
    move(event.key === "j" ? 1 : -1);
    return;
  }
  if (Object.hasOwn(keys, event.key)) { event.preventDefault(); keys[event.key](); }
});

restoreDrafts(document);
const left = sessionStorage.getItem(`${store}:said`);
if (left !== null) { sessionStorage.removeItem(`${store}:said`); say(left); }
