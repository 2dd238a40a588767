import { byId, el } from "../shared/dom.js";
import { prose } from "../shared/prose.js";

const MARGIN_PX = 12;
const DOING = {
  find_orders: "Looking at your orders…",
  get_order: "Looking at your order…",
  search_products: "Looking through the shop…",
  get_product: "Looking at the product…",
  recommend_products: "Choosing something for you…",
  find_for_wishes: "Looking for what you wished for…",
  search_knowledge: "Reading the shop's policies…",
  show_memory: "Looking at what I know…",
  recall_memory: "Remembering…",
  hand_to_person: "Passing this to a colleague…",
};

/** The bubble of a reply that is being made: dots, what is being done, then the words as they come. */
export class Answer {
  text = "";
  #bubble = el("div", { class: "bubble shop", "aria-busy": "true" });

  constructor() {
    this.#wait("");
    append(this.#bubble);
  }

  take({ kind, data }) {
    if (kind === "again") {
      this.text = "";
      this.#wait(data.waiting ? "Trying to reach the shop…" : "");
    } else if (kind === "tool" && data.state === "started") {
      if (!this.text) this.#wait(DOING[data.name] ?? "Working on it…");
    } else if (kind === "token") {
      this.text += data.text;
      this.#bubble.replaceChildren(prose(this.text));
    } else if (kind === "message") {
      this.text = data.text;
      this.#bubble.replaceChildren(prose(this.text));
    }
    scrollDown();
  }

  finish(reply) {
    this.#bubble.replaceChildren(prose(reply));
    this.#bubble.removeAttribute("aria-busy");
    byId("chat-log").scrollTop = this.#bubble.offsetTop - MARGIN_PX; // a long reply is read from its beginning
  }

  remove() {
    this.#bubble.remove();
  }

  #wait(doing) {
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("span"), el("span"), el("span"));
    this.#bubble.replaceChildren(doing ? el("p", { class: "doing" }, doing) : "", dots);
  }
}

/** Adds something at the end of the conversation. */
export function append(element) {
  byId("chat-log").append(element);
  scrollDown();
}

/** Shows the end of the conversation. */
export function scrollDown() {
  const log = byId("chat-log");
  log.scrollTop = log.scrollHeight;
}
