// The error summary takes the focus; its links lead into the field, also into a group of choices.

export function focusErrorSummary() {
  document.querySelector("[data-error-summary]")?.focus();
}

// What was put right while it was typed is no longer called wrong: neither at its field nor in the summary.
export function forgetErrors(form, ids) {
  for (const id of ids) {
    document.getElementById(`${id}_error`)?.remove();
    const frame = document.getElementById(`div_${id}`);
    frame?.classList.remove("has-error");
    for (const element of frame?.querySelectorAll("[aria-invalid], [aria-describedby], .is-invalid") ?? []) {
      element.classList.remove("is-invalid");
      element.removeAttribute("aria-invalid");
      const words = element.getAttribute("aria-describedby")?.split(" ") ?? [];
      const left = words.filter((word) => word !== `${id}_error`).join(" ");
      if (left) element.setAttribute("aria-describedby", left);
      else element.removeAttribute("aria-describedby");
    }
    for (const hash of [`#${id}`, `#div_${id}`]) {
      for (const link of form.querySelectorAll(`.error-summary a[href="${hash}"]`)) link.closest("li").remove();
    }
  }
  for (const summary of form.querySelectorAll(".error-summary")) {
    const heading = summary.querySelector("[data-headings]");
    const lines = [...summary.querySelectorAll("li")].map((line) => line.querySelector("a")?.hash ?? line);
    if (!lines.length) summary.remove();
    else heading.textContent = JSON.parse(heading.dataset.headings)[new Set(lines).size - 1] ?? heading.textContent;
  }
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
