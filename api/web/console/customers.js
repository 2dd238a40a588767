import { ask } from "../shared/api.js";
import { amount, byId, el, time } from "../shared/dom.js";

const PAUSE_MS = 200;
const EVENTS = {
  cart_updated: (event) => ((event.properties.items ?? []).length ? "Changed the cart" : "Emptied the cart"),
  order_placed: (event) => `Placed order ${event.properties.order ?? ""}`,
};

/** Customers by search, and one customer's whole memory. */
export class CustomersPane {
  #onSignedOut;
  #timer = 0;
  #round = 0;
  #shown = null;

  constructor(onSignedOut) {
    this.#onSignedOut = onSignedOut;
    byId("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
    byId("search").addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.search(), PAUSE_MS);
    });
  }

  async search() {
    const query = byId("search").value.trim();
    const round = ++this.#round;
    document.querySelector(".customers").classList.remove("chosen");
    try {
      const { customers } = await ask("GET", `/v1/customers?${new URLSearchParams({ query })}`);
      if (round !== this.#round) return;
      const items = customers.map((customer) => this.#item(customer));
      byId("found").replaceChildren(
        ...(items.length
          ? items
          : [el("li", { class: "muted" }, query ? "Nobody matches." : "Nobody has written yet.")]),
      );
    } catch (error) {
      this.#failed(error, byId("found"), "li");
    }
  }

  async show(id) {
    this.#shown = id;
    history.replaceState(null, "", `#customer=${encodeURIComponent(id)}`);
    for (const button of document.querySelectorAll(".found button"))
      button.setAttribute("aria-current", String(button.dataset.id === id));
    const article = byId("customer");
    try {
      const memory = await ask("GET", `/v1/customers/${encodeURIComponent(id)}`);
      if (this.#shown !== id) return;
      document.querySelector(".customers").classList.add("chosen");
      const back = el(
        "button",
        { class: "link back", type: "button", onclick: () => this.search() },
        "Back to the list",
      );
      article.replaceChildren(back, ...whole(memory));
      article.focus({ preventScroll: true });
      byId("customers").scrollTop = 0;
    } catch (error) {
      this.#failed(error, article, "p");
    }
  }

  #item({ customer_id, name, emails }) {
    const button = el(
      "button",
      {
        type: "button",
        "data-id": customer_id,
        "aria-current": String(customer_id === this.#shown),
        onclick: () => this.show(customer_id),
      },
      name || "Guest",
      el("small", {}, emails[0] ?? customer_id),
    );
    return el("li", {}, button);
  }

  #failed(error, into, tag) {
    if (error.status === 401) this.#onSignedOut();
    else into.replaceChildren(el(tag, { class: "trouble", role: "alert" }, error.message));
  }
}

function whole(memory) {
  const identities = Object.entries(memory.identities).flatMap(([kind, values]) =>
    values.map((value) => `${kind}: ${value}`),
  );
  return [
    el(
      "header",
      {},
      el("h2", {}, memory.name || "Guest"),
      el("p", { class: "muted" }, identities.join(" · ")),
      el("p", { class: "muted" }, "Customer since ", time(memory.created_at), " · ", bought(memory.purchases)),
      el("div", { class: "pills" }, ...consents(memory.consents), ...matters(memory.open_matters)),
    ),
    el(
      "div",
      { class: "memory" },
      section("Facts", memory.facts.map(fact), "Nothing known yet."),
      section("Wishes", memory.wishes.map(wish), "No open wishes."),
      section("Orders", memory.orders.map(order), "No orders."),
      section("Timeline", memory.timeline.map(moment), "Nothing has happened yet.", "wide"),
    ),
  ];
}

function bought({ orders, spent_minor }) {
  if (!orders) return "no orders";
  const spent = Object.entries(spent_minor).map(([currency, minor]) => amount(minor, currency));
  return `${orders} ${orders === 1 ? "order" : "orders"}${spent.length ? `, ${spent.join(" + ")}` : ""}`;
}

function consents(granted) {
  const channels = Object.entries(granted);
  if (!channels.length) return [el("span", { class: "pill no" }, "no consents given")];
  return channels.map(([channel, yes]) =>
    el("span", { class: yes ? "pill" : "pill no" }, `${channel}: ${yes ? "yes" : "no"}`),
  );
}

function matters(open) {
  return open.map(({ kind, about }) =>
    el("span", { class: kind.includes("complaint") ? "pill warn" : "pill" }, `${kind.replaceAll("_", " ")}: ${about}`),
  );
}

function section(title, items, none, extra = "") {
  const list = items.length ? el("ul", {}, ...items) : el("p", { class: "muted" }, none);
  return el("section", { class: `card ${extra}` }, el("h3", {}, title), list);
}

function fact({ sentence, quote, since }) {
  return el("li", {}, el("div", { class: "row" }, el("span", {}, sentence), time(since)), el("blockquote", {}, quote));
}

function wish({ item, requirements, quote, since }) {
  const asked = requirements.map(({ attribute, value }) => `${attribute.replaceAll("_", " ")}: ${value}`).join(", ");
  const says = el("span", {}, el("strong", {}, item), asked ? ` (${asked})` : "");
  return el("li", {}, el("div", { class: "row" }, says, time(since)), el("blockquote", {}, quote));
}

function order({ order_id, status, placed_at, total, items }) {
  return el(
    "li",
    {},
    el("div", { class: "row" }, el("span", {}, el("strong", {}, order_id), ` ${status}, ${total}`), time(placed_at)),
    el("div", { class: "muted" }, items.join(", ")),
  );
}

function moment(one) {
  const says = one.kind === "turn" ? [el("strong", {}, one.speaker), `: ${one.text}`] : happened(one);
  return el("li", {}, el("div", { class: "row" }, el("span", {}, ...says), time(one.at, { withHour: true })));
}

function happened(event) {
  const words = event.name.replaceAll("_", " ");
  const says = EVENTS[event.name]?.(event) ?? words.charAt(0).toUpperCase() + words.slice(1);
  return [says, event.product ? `: ${event.product}` : "", event.text ? el("blockquote", {}, event.text) : ""];
}
