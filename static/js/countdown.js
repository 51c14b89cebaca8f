// Time left until an instant, from the server's clock: a wrong clock at the reader's does no harm.
// <… data-countdown="ISO" data-now="ISO" data-…-text>: the page already says the rest in words.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function words(data, rest) {
  if (rest <= 0) return data.over;
  const days = Math.floor(rest / DAY);
  const hours = Math.floor((rest % DAY) / HOUR);
  const minutes = Math.floor((rest % HOUR) / MINUTE);
  const pick = (one, many, n) => (n === 1 ? data[one] : data[many].replace("%(n)s", String(n)));
  if (days >= 2) return pick("day", "days", days);
  const parts = [];
  if (days) parts.push(pick("day", "days", days));
  if (hours || days) parts.push(pick("hour", "hours", hours));
  if (!days) parts.push(pick("minute", "minutes", minutes));
  return rest < MINUTE ? data.soon : parts.join(", ");
}

export function startCountdowns(root) {
  for (const element of root.querySelectorAll("[data-countdown]")) {
    if (element.dataset.started) continue;
    element.dataset.started = "yes";
    const end = Date.parse(element.dataset.countdown);
    const skew = Date.parse(element.dataset.now) - Date.now();
    const show = () => {
      const text = words(element.dataset, end - (Date.now() + skew));
      if (element.textContent !== text) element.textContent = text;
    };
    show();
    setInterval(show, 1000);
  }
}
