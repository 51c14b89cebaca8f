// Saves a form as it is written: <form data-autosave="URL"> with a hidden `version`.
// The contract stands in docs/frontend.md. The fields themselves are never touched.

import { startCounters } from "./counter.js";
import { forgetErrors } from "./mended.js";

const REST = 1200; // ms of rest after the last key
const RETRY = 10_000; // ms between attempts without a connection or a session

function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

// Signing in anew in another tab changes the token: the cookie holds the one that counts.
function freshToken(form) {
  const field = form.elements.csrfmiddlewaretoken;
  const token = cookie(document.querySelector("meta[name=csrf-cookie]")?.content ?? "csrftoken");
  if (token && field) field.value = token;
  return field?.value ?? "";
}

// Whether somebody wrote before this script came, or the browser put back what was written.
function isEdited(form) {
  return [...form.elements].some((field) => {
    if (field.type === "checkbox" || field.type === "radio") {
      return field.checked !== field.defaultChecked;
    }
    if (field.matches("select")) {
      const marked = [...field.options].some((option) => option.defaultSelected);
      return [...field.options].some((option, place) => {
        const before = marked || field.multiple ? option.defaultSelected : place === 0;
        return option.selected !== before;
      });
    }
    const isText = field.matches("textarea, input:not([type=hidden], [type=file])");
    return isText && field.value !== field.defaultValue;
  });
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.place = form.querySelector("[data-save-state]");
    this.changes = 0; // counts every change
    this.saved = 0; // the change up to which the server knows
    this.running = null;
    this.stopped = false;
    this.refused = false;
    this.timer = null;
    this.swapped = new Map();
    form.addEventListener("input", () => this.changed(REST));
    form.addEventListener("change", () => this.changed(200));
    form.addEventListener("focusout", () => this.dirty && this.later(200));
    form.addEventListener("submit", (event) => this.beforeSubmit(event));
    form.addEventListener("click", (event) => {
      if (event.target.closest("[data-save-retry]")) this.save();
    });
    window.addEventListener("online", () => this.dirty && this.save());
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.leaving) event.preventDefault();
    });
    if (isEdited(form) || form.querySelector("[data-unsaved]")) this.changed(REST);
  }

  get dirty() {
    return this.changes > this.saved;
  }

  changed(wait) {
    this.changes += 1;
    this.later(wait);
  }

  later(wait) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.save(), wait);
  }

  // A submission that overtakes its own autosave would conflict with itself, so it waits.
  async beforeSubmit(event) {
    clearTimeout(this.timer);
    freshToken(this.form);
    if (!this.running) {
      this.leaving = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    await this.running;
    clearTimeout(this.timer);
    this.stopped = true;
    this.form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  }

  save() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.running || this.stopped || !this.dirty) return this.running;
    this.running = this.attempt().finally(() => {
      this.running = null;
      if (this.dirty && !this.timer && !this.refused) this.later(REST);
    });
    return this.running;
  }

  async attempt() {
    this.refused = false;
    const upTo = this.changes;
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    this.show("saving");
    let answer;
    try {
      answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        headers: { "X-CSRFToken": freshToken(this.form), Accept: "application/json" },
        body: new URLSearchParams(body),
        redirect: "manual",
      });
    } catch {
      return this.again("offline");
    }
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
      return this.again("signed_out");
    }
    if (answer.status >= 500) return this.again("offline");
    const data = await answer.json().catch(() => null);
    if (!data) return this.again("offline");
    if (answer.ok) {
      this.saved = upTo;
      this.form.elements.version.value = data.version;
    } else if ([409, 410].includes(answer.status)) {
      this.stopped = true;
    } else {
      this.refused = true; // the next change tries again, not the clock
    }
    this.put(data.html);
    forgetErrors(this.form, data.right ?? []);
    for (const [id, html] of Object.entries(data.swap ?? {})) {
      const element = document.getElementById(id);
      // What stays the same is not read out again.
      const isNew = this.swapped.get(id) !== html;
      if (element && isNew && !element.contains(document.activeElement)) {
        element.innerHTML = html;
        this.swapped.set(id, html);
        startCounters(element);
      }
    }
    this.form.dispatchEvent(new CustomEvent("autosave", { bubbles: true, detail: data }));
    if (answer.ok && !this.dirty) this.form.dispatchEvent(new Event("saved"));
    return undefined;
  }

  again(state) {
    this.show(state);
    this.later(RETRY);
  }

  show(state) {
    const content = this.form.querySelector(`template[data-save="${state}"]`)?.content;
    if (!this.place || !content || this.shown === state) return;
    this.place.replaceChildren(content.cloneNode(true));
    this.shown = state;
  }

  put(html) {
    if (this.place && html) this.place.innerHTML = html;
    this.shown = null;
  }
}

export function startAutosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) {
    if (form.dataset.started) continue;
    form.dataset.started = "yes";
    new Autosave(form);
  }
}
