// Search with suggestions for a plain text field (the pattern "combobox with list" of the ARIA guide).
// <input data-combobox data-url="…" data-target="id of the hidden field">; see docs/frontend.md.

const REST = 200;

class Combobox {
  constructor(input) {
    this.input = input;
    this.hidden = document.getElementById(input.dataset.target ?? "");
    this.active = -1;
    this.options = [];
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `${input.id || input.name}-list`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? input.name);
    this.said = document.createElement("span");
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    const frame = document.createElement("div");
    frame.className = "combobox";
    // Who is typing already goes on typing: an element that is moved loses the focus.
    const { selectionStart, selectionEnd } = input;
    const isTyping = document.activeElement === input;
    input.replaceWith(frame);
    frame.append(input, this.list, this.said);
    if (isTyping) {
      input.focus({ preventScroll: true });
      input.setSelectionRange(selectionStart, selectionEnd);
    }
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // mousedown, so that the field keeps the focus
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
  }

  typed() {
    if (this.hidden) this.hidden.value = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), REST);
  }

  async ask() {
    const words = this.input.value.trim();
    if (words.length < 2) return this.close();
    const url = new URL(this.input.dataset.url, location.href);
    url.searchParams.set("q", words);
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    // Without an answer the field stays what it is without script: plain text.
    if (!answer?.ok || this.input.value.trim() !== words) return undefined;
    this.options = await answer.json();
    return this.open();
  }

  open() {
    this.active = -1;
    this.list.replaceChildren(
      ...this.options.map(({ label, hint }, index) => {
        const item = document.createElement("li");
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.id = `${this.list.id}-${index}`;
        item.dataset.index = index;
        item.append(label);
        if (hint) {
          const small = document.createElement("small");
          small.textContent = hint;
          item.append(" ", small);
        }
        return item;
      }),
    );
    const none = this.options.length === 0;
    this.list.hidden = none;
    this.input.setAttribute("aria-expanded", String(!none));
    this.said.textContent = none ? (this.input.dataset.none ?? "") : String(this.options.length);
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const count = this.options.length;
    this.active = (this.active + step + count) % count;
    [...this.list.children].forEach((item, index) => {
      item.setAttribute("aria-selected", String(index === this.active));
    });
    const item = this.list.children[this.active];
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  choose(index) {
    const { id, label } = this.options[index];
    this.input.value = label;
    if (this.hidden) {
      this.hidden.value = id;
      this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.close();
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) {
        this.ask();
      } else {
        this.move(event.key === "ArrowDown" ? 1 : this.active < 0 ? 0 : -1);
      }
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    }
  }
}

export function startComboboxes(root) {
  for (const input of root.querySelectorAll("input[data-combobox]")) {
    if (input.dataset.started) continue;
    input.dataset.started = "yes";
    new Combobox(input);
  }
}
