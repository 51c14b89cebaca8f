// Time left until an instant, from the server's clock: a wrong clock at the reader's does no harm.
// The words are those of components/countdown.html, which says the rest already without script;
// days are counted as days_or_hours in core/kit/days.py counts them.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// Below this the time left is told in hours.
const HOURS_COUNT = 36 * HOUR;
const CALENDAR = new Intl.DateTimeFormat("en", {
  timeZone: "Europe/Brussels",
  calendar: "gregory",
  numberingSystem: "latn",
  year: "numeric",
  month: "numeric",
  day: "numeric",
});

// The number of the day that a moment lies on in Brussels.
function dayOf(moment) {
  const parts = Object.fromEntries(
    CALENDAR.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(parts.year, parts.month - 1, parts.day) / DAY;
}

function words(data, end, now) {
  const rest = end - now;
  if (rest < 0) return data.over;
  if (rest < MINUTE) return data.soon;
  const hours = Math.floor(rest / HOUR);
  const minutes = Math.floor((rest % HOUR) / MINUTE);
  const pick = (unit, n) => (n === 1 ? data[unit] : data[`${unit}s`].replace("%(n)s", String(n)));
  if (rest > HOURS_COUNT) {
    return data.left.replace("%(time)s", pick("day", dayOf(end) - dayOf(now)));
  }
  const parts = [];
  if (hours) parts.push(pick("hour", hours));
  if (rest < DAY && minutes) parts.push(pick("minute", minutes));
  return data.left.replace("%(time)s", parts.join(", "));
}

export function startCountdowns(root) {
  for (const element of root.querySelectorAll("[data-countdown]")) {
    if (element.dataset.started) continue;
    element.dataset.started = "yes";
    const end = Date.parse(element.dataset.countdown);
    const skew = Date.parse(element.dataset.now) - Date.now();
    const show = () => {
      const text = words(element.dataset, end, Date.now() + skew);
      if (element.textContent !== text) element.textContent = text;
    };
    show();
    setInterval(show, 1000);
  }
}
