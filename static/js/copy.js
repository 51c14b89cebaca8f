// Copies a text: <button data-copy="id of the text area" hidden>. Shown only where a browser can.

function start(button) {
  const area = document.getElementById(button.dataset.copy);
  if (!area || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      // Forbidden: the text itself is selected, to be copied by hand.
      area.closest("details").open = true;
      area.select();
      return;
    }
    const words = button.querySelector("[data-copied]");
    words.textContent = words.dataset.copied;
  });
}

export function startCopying(root) {
  for (const button of root.querySelectorAll("[data-copy]")) start(button);
}
