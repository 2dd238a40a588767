/** Makes an element: attributes, `on…` listeners, `class`, and children (nodes or texts; empty ones are left out). */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** The element with this id. */
export function byId(id) {
  return document.getElementById(id);
}

const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const MOMENT = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

/** A time as people read it, in their own time zone. */
export function time(iso, { withHour = false } = {}) {
  if (!iso) return el("span", {}, "date unknown");
  const format = withHour ? MOMENT : DAY;
  return el("time", { datetime: iso, title: iso }, format.format(new Date(iso)));
}

/** An amount of money, given in minor units. */
export function amount(minor, currency) {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}
