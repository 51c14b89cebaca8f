// The keys of a page (docs/frontend.md). Nobody needs them: each one presses what stands there to be pressed.
//
//   data-shortcut="p"   the key p presses this button or link, unfolds these details, or brings the focus to this
//                       field. data-shortcut-label names it in the list of keys, where its own words do not.
//   data-row-keys       J and K move between its [data-row], X ticks the one in hand; Enter opens it, as the focus
//                       stands on its first link.
//   data-row-shortcut   in a row: the key presses this button or link of the row in hand.
//   data-send-key       Ctrl and Enter send this form.
//   ?                   lists the keys of the page (components/shortcuts.html).

const TEXT = "textarea, select, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=hidden])";
const PATIENCE = 3000; // ms
const isTyping = (element) => Boolean(element.closest?.(TEXT));
const isShown = (element) => element.checkVisibility();

// What was pressed is on its way: the next key is meant for the page that comes. A file that is handed out brings none.
let isLeaving = false;
function leave() {
  isLeaving = true;
  setTimeout(() => (isLeaving = false), PATIENCE);
}

function press(element) {
  if (element.matches("summary")) {
    const details = element.parentElement;
    if (!details.open) element.click();
    (details.querySelector(TEXT) ?? element).focus();
  } else if (element.matches(TEXT)) {
    element.focus();
    element.select?.();
  } else {
    if (element.matches("a[href]:not([target], [href^='#']), [type=submit]")) leave();
    element.click();
  }
}

// Escape leaves a fold that a key opened; what was typed stays in it.
function leaveFold(element) {
  const fold = element.closest?.("details[open]");
  const summary = fold?.querySelector("summary[data-shortcut]");
  if (!summary) return;
  fold.open = false;
  summary.focus();
}

const rowsOf = (list) => [...list.querySelectorAll("[data-row]")].filter(isShown);

function rowInHand(list) {
  const row = document.activeElement.closest?.("[data-row]");
  return row && list.contains(row) ? row : list.querySelector("[data-row].is-in-hand");
}

function take(list, row) {
  list.querySelector("[data-row].is-in-hand")?.classList.remove("is-in-hand");
  row.classList.add("is-in-hand");
  row.querySelector("a[href]")?.focus();
  row.scrollIntoView({ block: "nearest" });
}

// Returns whether the key means something in a list.
function moveInRows(key) {
  const list = document.querySelector("[data-row-keys]");
  if (!list) return false;
  const row = rowInHand(list);
  const own = row?.querySelector(`[data-row-shortcut="${CSS.escape(key)}"]`);
  if (own) press(own);
  if (own || !["j", "k", "x"].includes(key)) return Boolean(own);
  if (key === "x") {
    row?.querySelector("input[type=checkbox]")?.click();
    return Boolean(row);
  }
  const rows = rowsOf(list);
  const place = rows.indexOf(row) + (key === "j" ? 1 : -1);
  if (row ? rows[place] : rows.length) take(list, row ? rows[place] : rows[0]);
  return true;
}

// The words of a key: its own label, or what stands on it without the drawing of the key.
function wordsOf(element) {
  if (element.dataset.shortcutLabel) return element.dataset.shortcutLabel;
  const copy = element.cloneNode(true);
  for (const drawn of copy.querySelectorAll("kbd, svg, .tab-count")) drawn.remove();
  return copy.textContent.trim() || element.getAttribute("aria-label") || element.labels?.[0]?.textContent.trim();
}

function addKey(list, keys, words) {
  const [term, said] = [document.createElement("dt"), document.createElement("dd")];
  for (const key of keys) {
    const drawn = document.createElement("kbd");
    drawn.textContent = key.length === 1 ? key.toUpperCase() : key;
    term.append(drawn, " ");
  }
  said.textContent = words;
  const entry = document.createElement("div");
  entry.append(term, said);
  list.append(entry);
}

// Lists what works here and now: each key once, and only for what is in sight.
function show(sheet) {
  const list = sheet.querySelector("dl");
  list.replaceChildren();
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    const key = element.dataset.shortcut;
    if (seen.has(key) || !isShown(element)) continue;
    seen.add(key);
    addKey(list, [key], wordsOf(element));
  }
  const { rows, tick, open, send, sheet: own } = list.dataset;
  const table = document.querySelector("[data-row-keys]");
  if (table) {
    addKey(list, ["j", "k"], rows);
    if (table.querySelector("[data-row] input[type=checkbox]")) addKey(list, ["x"], tick);
    addKey(list, ["Enter"], open);
    for (const element of table.querySelectorAll("[data-row-shortcut]")) {
      const key = element.dataset.rowShortcut;
      if (seen.has(key)) continue;
      seen.add(key);
      addKey(list, [key], wordsOf(element));
    }
  }
  if (document.querySelector("form[data-send-key]")) addKey(list, ["Ctrl", "Enter"], send);
  addKey(list, ["?"], own);
  sheet.showModal();
}

let isStarted = false;

export function startKeys() {
  if (isStarted) return;
  isStarted = true;
  const sheet = document.querySelector("dialog[data-keys]");
  const button = document.querySelector("[data-keys-button]");
  if (sheet && button) {
    button.hidden = false;
    button.addEventListener("click", () => show(sheet));
    // A click beside it closes it.
    sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  }
  window.addEventListener("pageshow", () => (isLeaving = false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.closest?.("form[data-send-key]")?.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.key === "Escape") leaveFold(event.target);
    if (isLeaving || isTyping(event.target) || document.querySelector("dialog:modal")) return;
    // Capitals too: who has locked them means the same key.
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "?" && sheet) {
      event.preventDefault();
      show(sheet);
      return;
    }
    const named = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`)].find(isShown);
    if (!named && !moveInRows(key)) return;
    event.preventDefault();
    if (named) press(named);
  });
}
