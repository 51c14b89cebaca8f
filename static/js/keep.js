// Keeps what is typed into a form in this browser until the server has it (docs/frontend.md).
// Seen by the same person alone, gone at sign-out; never a password, a code or a file.

const PREFIX = "kept:";
const SENT = "kept-sent:";
const LINK = "link-"; // a page without an account, known by its link
const SIGNED_OUT = "signed-out"; // tells the other windows
const DAYS = 14;
const REST = 300; // ms of rest after the last key
const TAKEN = "forms-taken";
const KEY = "form_key";
// Fields that nobody types and that differ each time; versions are kept, but tell no form apart.
const MACHINERY = /^(csrfmiddlewaretoken|form_key|held|shown)$|_FORMS$/;
const VERSIONS = /^version(_|$)/;
const SECRET = "input[type=password], [autocomplete=one-time-code], [data-keep=no]";
const WRITTEN = "textarea, input:not([type]), input[type=text], input[type=email], input[type=url], input[type=tel]";

let isSigningOut = false;
const person = document.querySelector("meta[name=person]")?.content ?? "";

// A browser may refuse to store anything: then nothing is kept, and nothing breaks.
const store = {
  read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  },
  write(name, value) {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // Full or forbidden.
    }
  },
  remove(name) {
    try {
      localStorage.removeItem(name);
    } catch {
      // Forbidden.
    }
  },
  names(prefix) {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

// Stands for a text from which nobody reads it: an address may hold the token of a link (FNV-1a, twice 32 bits).
function printOf(text) {
  let [one, other] = [0x811c9dc5, 0x9dc5811c];
  for (const byte of new TextEncoder().encode(text)) {
    one = Math.imul(one ^ byte, 0x01000193);
    other = Math.imul(other ^ byte ^ (one >>> 24), 0x01000193);
  }
  return [one, other].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

const pageOf = (form) => {
  const url = new URL(form.getAttribute("action") || location.href, location.href);
  return printOf(url.pathname + url.search);
};

// The last one counts, as it does for the server: a form that is sent again brings its first key too.
const keyOf = (form) => [...form.querySelectorAll(`[name=${KEY}]`)].at(-1)?.value ?? "";

// How each entry is named; an older one held the address itself.
const NAMED = /:[0-9a-f]{16}:[0-9a-f]{16}$/;
const PRINT = /^[0-9a-f]{16}$/;

const isHidden = (field) => field.type === "hidden";
const isTicked = (field) => field.type === "checkbox" || field.type === "radio";

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) =>
      field.name &&
      field.matches("input, select, textarea") &&
      !["file", "submit", "button", "image", "reset", "password"].includes(field.type) &&
      !MACHINERY.test(field.name) &&
      (!isHidden(field) || VERSIONS.test(field.name)),
  );
}

// Two forms to one address are told apart by their fields, and by what they carry hidden.
function nameOf(form) {
  const marks = [...form.elements]
    .filter((field) => field.name && !MACHINERY.test(field.name) && !VERSIONS.test(field.name))
    .filter((field) => isHidden(field) || field.matches(WRITTEN))
    .map((field) => (isHidden(field) ? `${field.name}=${field.value}` : field.name.replace(/\d+/g, "#")));
  return `${PREFIX}${person}:${pageOf(form)}:${printOf([...new Set(marks)].sort().join(","))}`;
}

// `sent`: as the server sent the form, whatever was typed since.
function stateOf(form, { sent = false } = {}) {
  const state = {};
  for (const field of fieldsOf(form)) {
    const values = (state[field.name] ??= []);
    if (isTicked(field)) {
      if (sent ? field.defaultChecked : field.checked) values.push(field.value);
    } else if (field.matches("select")) {
      values.push(...[...field.selectedOptions].map((option) => option.value));
    } else {
      values.push(sent ? field.defaultValue : field.value);
    }
  }
  return state;
}

function typedIn(state) {
  return JSON.stringify(Object.entries(state).filter(([name]) => !VERSIONS.test(name)).sort());
}

// Puts what was kept into the fields; returns the texts whose field is no longer there.
function putInto(form, state) {
  const places = {};
  const fields = fieldsOf(form);
  for (const field of fields) {
    const values = state[field.name];
    if (!values) continue;
    if (isTicked(field)) {
      field.checked = values.includes(field.value);
    } else if (field.matches("select")) {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else {
      const place = (places[field.name] = (places[field.name] ?? -1) + 1);
      if (values[place] !== undefined) field.value = values[place];
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const known = new Set(fields.map((field) => field.name));
  return Object.entries(state)
    .filter(([name]) => !known.has(name) && !VERSIONS.test(name))
    .flatMap(([, values]) => values)
    .filter((text) => text.trim().length > 1);
}

class Kept {
  constructor(form, isTypedIn) {
    this.form = form;
    this.name = nameOf(form);
    this.opened = typedIn(stateOf(form, { sent: isTypedIn }));
    this.timer = null;
    this.sending = false;
    this.show();
    form.dataset.keptHere = "yes";
    // A field may stand outside its form.
    for (const event of ["input", "change"]) {
      document.addEventListener(event, ({ target }) => target.form === form && this.later());
    }
    form.addEventListener("submit", (event) => !event.defaultPrevented && this.sent());
    form.addEventListener("saved", () => this.saved());
    window.addEventListener("pagehide", () => this.timer && this.keep());
    if (form.hasAttribute("data-warn")) {
      window.addEventListener("beforeunload", (event) => {
        if (!this.sending && !isSigningOut && typedIn(stateOf(form)) !== this.opened) event.preventDefault();
      });
    }
    if (isTypedIn) this.later();
  }

  later() {
    this.sending = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), REST);
  }

  keep(sent = "") {
    clearTimeout(this.timer);
    this.timer = null;
    if (isSigningOut) return;
    const fields = stateOf(this.form);
    if (!sent && typedIn(fields) === this.opened) {
      store.remove(this.name);
    } else if (typedIn(fields) !== this.opened || store.read(this.name)) {
      store.write(this.name, { at: Date.now(), fields, sent, on: printOf(location.pathname) });
    }
  }

  // On its way; the server's answer decides (see forgetTaken).
  sent() {
    this.sending = true;
    this.keep(keyOf(this.form));
  }

  // A form that saves itself has been saved.
  saved() {
    clearTimeout(this.timer);
    this.timer = null;
    this.opened = typedIn(stateOf(this.form));
    store.remove(this.name);
    this.notice?.remove();
  }

  show() {
    const kept = store.read(this.name);
    if (!kept) return;
    if (typedIn(kept.fields) === this.opened) return;
    const words = document.querySelector("template[data-kept]");
    if (!words) return;
    const before = stateOf(this.form);
    const rest = putInto(this.form, kept.fields);
    this.notice = words.content.cloneNode(true).firstElementChild;
    if (this.form.dataset.autosave) {
      this.notice.querySelector("[data-kept-words]").textContent = words.dataset.keptSaving;
    }
    const time = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
      dateStyle: "medium",
      timeStyle: "short",
    }).format(kept.at);
    this.notice.querySelector("[data-kept-time]").textContent = time;
    const list = this.notice.querySelector("[data-kept-rest]");
    list.hidden = rest.length === 0;
    for (const text of rest) {
      const item = document.createElement("li");
      item.textContent = text;
      list.append(item);
    }
    this.notice.querySelector("[data-kept-discard]").addEventListener("click", () => {
      putInto(this.form, before);
      clearTimeout(this.timer);
      this.timer = null;
      store.remove(this.name);
      this.notice.remove();
      [...this.form.elements].find((field) => field.matches(WRITTEN))?.focus();
    });
    this.form.prepend(this.notice);
  }
}

// What the server has taken is named in a cookie: the browser's copy of it goes. A preview asks for
// the same once more under another key, so what was sent from the same page goes with it.
function forgetTaken() {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${TAKEN}=`));
  if (!found) return;
  const taken = found.slice(TAKEN.length + 1).split(".");
  const pages = taken.map((key) => store.read(SENT + key)?.page).filter(Boolean);
  for (const name of store.names(PREFIX)) {
    const sent = store.read(name)?.sent;
    if (!sent) continue;
    const isOf = (page) => name.startsWith(`${PREFIX}${person}:${page}:`);
    if (taken.includes(sent) || pages.some(isOf)) store.remove(name);
  }
  for (const key of taken) store.remove(SENT + key);
  document.cookie = `${TAKEN}=; Max-Age=0; Path=/; SameSite=Lax`;
}

function forgetAll() {
  isSigningOut = true;
  for (const name of [...store.names(PREFIX), ...store.names(SENT)]) store.remove(name);
  store.write(SIGNED_OUT, Date.now());
  store.remove(SIGNED_OUT);
}

function forgetOthers() {
  for (const name of store.names(PREFIX)) {
    if (!name.startsWith(`${PREFIX}${person}:`)) store.remove(name);
  }
  for (const name of store.names(SENT)) {
    if (store.read(name)?.person !== person) store.remove(name);
  }
}

// On whatever page: who never opens that form again leaves nothing behind for good, nor the address of a link.
function forgetOld() {
  const isOld = (name) => !(Date.now() - store.read(name)?.at <= DAYS * 86_400_000);
  for (const name of store.names(PREFIX)) if (isOld(name) || !NAMED.test(name)) store.remove(name);
  for (const name of store.names(SENT)) if (isOld(name) || !PRINT.test(store.read(name).page)) store.remove(name);
}

function isKept(form) {
  const has = (kind) => [...form.elements].some((field) => field.matches(kind));
  return (
    form.method === "post" &&
    keyOf(form) &&
    (has(WRITTEN) || form.matches("[data-keep=yes]")) &&
    !has(SECRET) &&
    !form.matches("[data-keep=no]")
  );
}

const waiting = () => store.names(`${PREFIX}${person}:`).map((name) => store.read(name)).filter(Boolean);

// Where a page leads to one on which something typed still waits, it says so: what it shows is without that.
function tellOfWaiting() {
  const words = document.querySelector("template[data-waiting]");
  const pages = new Set(waiting().map((entry) => entry.on));
  const found = new Map();
  for (const link of document.querySelectorAll("main a[href]")) {
    const { pathname } = link;
    if (pages.has(printOf(pathname)) && !found.has(pathname)) found.set(pathname, link);
  }
  if (!words || !found.size) return;
  const notice = words.content.cloneNode(true);
  for (const link of found.values()) {
    const item = document.createElement("li");
    const copy = document.createElement("a");
    copy.href = link.href;
    copy.textContent = link.textContent.trim();
    item.append(copy);
    notice.querySelector("ul").append(item);
  }
  words.after(notice);
}

// Nobody signs out of what is not saved without knowing it.
function mayForget() {
  const question = document.querySelector("template[data-kept]")?.dataset.lost;
  return !person || !question || !waiting().length || confirm(question);
}

// `early`: the forms that somebody typed in while this file was on its way.
export function startKeeping(early) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-sign-out]")) {
      if (mayForget()) forgetAll();
      else event.preventDefault();
    } else if (person && keyOf(form)) store.write(SENT + keyOf(form), { at: Date.now(), person, page: pageOf(form) });
  });
  forgetOld();
  if (!person) return;
  // A page that is still open after sign-out in another window keeps nothing any more.
  window.addEventListener("storage", (event) => {
    if (event.key === SIGNED_OUT && event.newValue) isSigningOut = true;
  });
  forgetTaken();
  // Who came by the link of a mail is nobody else's heir.
  if (!person.startsWith(LINK)) forgetOthers();
  tellOfWaiting();
  for (const form of document.forms) if (isKept(form)) new Kept(form, early.has(form));
}
