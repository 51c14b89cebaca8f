// The error summary takes the focus; its links lead into the field, also into a group of choices.

export function focusErrorSummary() {
  document.querySelector("[data-error-summary]")?.focus();
}

export function startErrorLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    const field = target.matches("input, select, textarea")
      ? target
      : target.querySelector("input:not([type=hidden]), select, textarea, [contenteditable=true]");
    if (!field) return;
    event.preventDefault();
    target.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
}
