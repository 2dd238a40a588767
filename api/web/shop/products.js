import { ask } from "../shared/api.js";
import { byId, el } from "../shared/dom.js";
import { drawGarment, hex } from "./garments.js";

const PAGE = 24;
const SVG = "http://www.w3.org/2000/svg";

/** The product grid with its categories. `onAsk(product)` is called for "Ask about this". */
export class ProductGrid {
  #category = null;
  #next = 0;
  #shown = 0;
  #round = 0;
  #onAsk;

  constructor(onAsk) {
    this.#onAsk = onAsk;
    byId("more").addEventListener("click", () => this.#load());
  }

  async show(category = null) {
    this.#category = category;
    this.#next = 0;
    this.#shown = 0;
    this.#round += 1;
    byId("grid").replaceChildren();
    byId("heading").textContent = category ? capitalised(category) : "Everything in the shop";
    await this.#load();
  }

  async #load() {
    const round = this.#round;
    const wanted = new URLSearchParams({ offset: this.#next, limit: PAGE });
    if (this.#category) wanted.set("category", this.#category);
    byId("more").disabled = true;
    let page;
    try {
      page = await ask("GET", `/v1/catalog?${wanted}`);
    } catch (error) {
      if (round === this.#round) this.#say(`${error.message} Reload the page to try again.`);
      return;
    } finally {
      byId("more").disabled = false;
    }
    if (round !== this.#round) return;
    this.#showCategories(page.categories);
    const cards = page.products.map((product, index) => this.#card(product, this.#shown + index));
    byId("grid").append(...cards);
    if (this.#shown) cards[0]?.querySelector("button")?.focus();
    this.#shown += page.products.length;
    this.#next = page.next_offset;
    byId("more").hidden = page.next_offset === null;
    byId("count").textContent = page.total === 1 ? "1 product" : `${page.total} products`;
    this.#say(page.total ? "" : "There are no products here yet.");
  }

  #say(text) {
    byId("empty").textContent = text;
    byId("empty").hidden = !text;
  }

  #showCategories(categories) {
    const all = [{ name: null, label: "All" }, ...categories.map(({ name }) => ({ name, label: capitalised(name) }))];
    const focused = document.activeElement?.closest?.("#categories") ? document.activeElement.textContent : null;
    const buttons = all.map(({ name, label }) =>
      el(
        "button",
        { type: "button", "aria-pressed": String(name === this.#category), onclick: () => this.show(name) },
        label,
      ),
    );
    byId("categories").replaceChildren(...buttons.map((button) => el("li", {}, button)));
    if (focused) buttons.find((button) => button.textContent === focused)?.focus();
  }

  #card(product, index) {
    const colours = product.colors.length ? product.colors : [""];
    const picture = el("div", { class: `picture tone-${index % 4}` }, drawGarment(product, colours[0]));
    if (!product.in_stock) picture.append(el("span", { class: "badge out" }, "Sold out"));
    else if (product.new) picture.append(el("span", { class: "badge" }, "New"));
    const repaint = (colour) => picture.firstElementChild.replaceWith(drawGarment(product, colour));
    return el(
      "li",
      { class: product.in_stock ? "product" : "product sold-out" },
      picture,
      el("h2", {}, product.name),
      el("p", { class: "kind" }, capitalised(product.category)),
      el("p", { class: "price" }, product.price ?? ""),
      product.colors.length ? swatches(product, repaint) : "",
      el(
        "button",
        { class: "link", type: "button", onclick: () => this.#onAsk(product) },
        "Ask about this",
        el("span", { class: "sr-only" }, `: ${product.name}`),
      ),
    );
  }
}

function swatches(product, repaint) {
  const buttons = product.colors.map((colour, index) => {
    const dot = document.createElementNS(SVG, "svg");
    dot.setAttribute("viewBox", "0 0 20 20");
    const circle = document.createElementNS(SVG, "circle");
    for (const [name, value] of Object.entries({ cx: 10, cy: 10, r: 8, fill: hex(colour) }))
      circle.setAttribute(name, value);
    dot.append(circle);
    const button = el(
      "button",
      { type: "button", title: colour, "aria-label": colour, "aria-pressed": String(index === 0) },
      dot,
    );
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      repaint(colour);
    });
    return button;
  });
  return el("div", { class: "swatches", role: "group", "aria-label": "Colours" }, ...buttons);
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
