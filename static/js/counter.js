// Characters left in a long text, counted as the server counts: a line end is one, so is an emoji.

export const lengthOf = (text) => Array.from(text.replace(/\r\n?/g, "\n")).length;

function show(counter, input) {
  const { limit, left, leftOne, over, overOne } = counter.dataset;
  const rest = Number(limit) - lengthOf(input.value.trim());
  const number = Math.abs(rest);
  const words = rest < 0 ? [overOne, over] : [leftOne, left];
  const text = words[number === 1 ? 0 : 1];
  counter.textContent = text.replace("%(n)s", number.toLocaleString(document.documentElement.lang));
  counter.classList.toggle("counter-over", rest < 0);
}

export function startCounters(root) {
  for (const counter of root.querySelectorAll("[data-counter]")) {
    const input = document.getElementById(counter.dataset.counter);
    if (!input || counter.dataset.started) continue;
    counter.dataset.started = "yes";
    show(counter, input);
    input.addEventListener("input", () => show(counter, input));
  }
}
