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
