// Time left until an instant, from the server's clock: a wrong clock at the reader's does no harm.
// The words are those of components/countdown.html, which says the rest already without script.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function words(data, rest) {
  if (rest < 0) return data.over;
  if (rest < MINUTE) return data.soon;
  const days = Math.floor(rest / DAY);
  const hours = Math.floor((rest % DAY) / HOUR);
  const minutes = Math.floor((rest % HOUR) / MINUTE);
  const pick = (unit, n) => (n === 1 ? data[unit] : data[`${unit}s`].replace("%(n)s", String(n)));
  if (days >= 2) return data.left.replace("%(time)s", pick("day", days));
  const parts = [];
  if (days) parts.push(pick("day", days));
  if (hours) parts.push(pick("hour", hours));
  if (!days && minutes) parts.push(pick("minute", minutes));
  return data.left.replace("%(time)s", parts.join(", "));
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
