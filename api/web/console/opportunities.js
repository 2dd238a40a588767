import { ask } from "../shared/api.js";
import { amount, byId, el, time } from "../shared/dom.js";

const EVENTS = {
  product_viewed: "Looked at it",
  cart_updated: "Left it in the cart",
  product_added: "Put it in the cart",
};
const KINDS = { wish_met: "A wish can be met", cart_left: "Carts left behind", back_in_stock: "Back in stock" };

/** The campaigns worth sending now, each with everything it rests on. */
export class OpportunitiesPane {
  #onSignedOut;
  #onCustomer;

  constructor(onSignedOut, onCustomer) {
    this.#onSignedOut = onSignedOut;
    this.#onCustomer = onCustomer;
    byId("refresh").addEventListener("click", () => this.load());
  }

  async load() {
    const list = byId("opportunity-list");
    byId("refresh").disabled = true;
    if (!list.children.length) list.replaceChildren(el("p", { class: "muted" }, "Looking…"));
    try {
      const { opportunities } = await ask("GET", "/v1/opportunities");
      list.replaceChildren(...opportunities.map((one) => this.#card(one)));
      if (!opportunities.length) {
        list.append(
          el(
            "p",
            { class: "muted" },
            "Nothing is worth sending right now. New wishes, carts and deliveries change that.",
          ),
        );
      }
    } catch (error) {
      if (error.status === 401) this.#onSignedOut();
      else list.replaceChildren(el("p", { class: "trouble", role: "alert" }, error.message));
    } finally {
      byId("refresh").disabled = false;
    }
  }

  /** Scrolls to one of them; loads them anew where it is not there yet. */
  async pointTo(id) {
    if (!byId(`opportunity-${id}`)) await this.load();
    for (const card of document.querySelectorAll(".opportunity"))
      card.classList.toggle("shown", card.id === `opportunity-${id}`);
    byId(`opportunity-${id}`)?.scrollIntoView({ behavior: "smooth", block: "start" });
  }

  #card(one) {
    return el(
      "article",
      { class: "opportunity", id: `opportunity-${one.id}` },
      el(
        "header",
        {},
        el("div", {}, el("p", { class: "kind" }, KINDS[one.kind] ?? one.kind), el("h3", {}, one.title)),
        el("p", { class: "worth" }, el("strong", {}, one.value.expected), el("span", {}, "expected")),
        el("p", { class: "why" }, one.why),
      ),
      el(
        "div",
        { class: "parts" },
        this.#audience(one.audience),
        this.#evidence(one.evidence),
        timing(one.timing),
        this.#exclusions(one.audience.exclusions),
      ),
      value(one.value),
    );
  }

  #audience({ count, sample }) {
    const people = sample.map((member) =>
      el("li", {}, this.#person(member), el("div", { class: "muted" }, member.because)),
    );
    const more = count > sample.length ? el("li", { class: "muted" }, `and ${count - sample.length} more`) : "";
    return el(
      "section",
      {},
      el("h4", {}, `To ${count} ${count === 1 ? "customer" : "customers"}`),
      el("ul", {}, ...people, more),
    );
  }

  #evidence(evidence) {
    const items = evidence.map((one) =>
      el(
        "li",
        {},
        one.quote
          ? el("blockquote", {}, one.quote)
          : el("div", {}, EVENTS[one.event] ?? (one.event ?? "").replaceAll("_", " ")),
        el("div", { class: "muted" }, this.#person(one), ", ", time(one.at)),
      ),
    );
    return el("section", {}, el("h4", {}, "What it rests on"), el("ul", {}, ...items));
  }

  #exclusions(exclusions) {
    if (!exclusions.length) return "";
    const items = exclusions.map(({ reason, count, customers }) => {
      const named = customers.flatMap((customer, index) =>
        index ? [", ", this.#person(customer)] : [this.#person(customer)],
      );
      const more = count > customers.length ? ` and ${count - customers.length} more` : "";
      return el("li", {}, el("strong", {}, `${count} × ${reason}`), el("div", { class: "muted" }, ...named, more));
    });
    return el("section", {}, el("h4", {}, "Left out"), el("ul", {}, ...items));
  }

  #person({ customer_id, name }) {
    return el(
      "button",
      { class: "link", type: "button", onclick: () => this.#onCustomer(customer_id) },
      name || customer_id,
    );
  }
}

function timing({ send, until, because }) {
  return el(
    "section",
    {},
    el("h4", {}, "When"),
    el("p", {}, "Send ", time(send, { withHour: true }), ", at the latest ", time(until, { withHour: true }), "."),
    el("p", { class: "muted" }, because),
  );
}

function value({ currency, formula, terms, basis }) {
  const rows = Object.entries(terms)
    .filter(([, term]) => term !== null)
    .flatMap(([name, term]) => [el("dt", {}, worded(name)), el("dd", {}, shown(name, term, currency))]);
  return el(
    "details",
    {},
    el("summary", {}, "How the value is worked out"),
    el("p", {}, formula),
    el("dl", { class: "terms" }, ...rows),
    el("p", { class: "muted" }, basis),
  );
}

function shown(name, term, currency) {
  if (Array.isArray(term)) return term.map(worded).join(", ");
  if (typeof term !== "object") return name.endsWith("_minor") ? amount(term, currency) : String(term);
  return Object.entries(term)
    .map(([part, number]) => `${worded(part)} ${number}`)
    .join(" · ");
}

/** A term's name as people read it: `conversion.prior_bought` is "conversion prior bought". */
function worded(name) {
  return name.replace(/_minor$/, "").replaceAll(/[._]/g, " ");
}
