// A file that is too large is told before it is sent: nobody waits ten minutes for a refusal.

function look(input, told) {
  const [file] = input.files;
  const isLarge = Boolean(file) && file.size > Number(input.dataset.mostBytes);
  told.hidden = !isLarge;
  if (!isLarge) return;
  const size = (Math.ceil((file.size / 1024 / 1024) * 10) / 10).toLocaleString(document.documentElement.lang);
  told.textContent = told.dataset.tooLarge.replace("%(name)s", file.name).replace("%(size)s", size);
  // What would be refused is not sent at all.
  input.value = "";
}

export function startFiles(root) {
  for (const input of root.querySelectorAll("input[data-most-bytes]")) {
    const told = document.getElementById(`${input.id}_too_large`);
    if (!told || input.dataset.started) continue;
    input.dataset.started = "yes";
    input.addEventListener("change", () => look(input, told));
    // Chosen before this script had come.
    if (input.files.length) look(input, told);
  }
}
