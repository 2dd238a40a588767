import { ApiError, Unreachable, stream } from "../shared/api.js";
import { byId, el } from "../shared/dom.js";
import { prose } from "../shared/prose.js";

const MARGIN_PX = 12;
const SHOWN = 5;
const TRIES = [
  "What should we send this week, to whom, and why?",
  "Who has been looking for something waterproof?",
  "Which carts were left behind?",
];
const DOING = {
  list_opportunities: "Looking for opportunities…",
  find_customers: "Searching what customers said…",
  show_customer: "Reading the customer's memory…",
  search_products: "Looking through the shop…",
  search_knowledge: "Reading the shop's policies…",
};

/** The chat with the marketing agent. `onOpportunity(id)` is called to see one in full. */
export class AskPane {
  #conversationId = null;
  #busy = false;
  #onSignedOut;
  #onOpportunity;

  constructor(onSignedOut, onOpportunity) {
    this.#onSignedOut = onSignedOut;
    this.#onOpportunity = onOpportunity;
    byId("ask-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(byId("ask-text").value.trim());
    });
    byId("ask-text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send(byId("ask-text").value.trim());
      }
    });
    this.clear();
  }

  clear() {
    this.#conversationId = null;
    const chips = TRIES.map((text) => el("button", { type: "button", onclick: () => this.#send(text) }, text));
    byId("ask-log").replaceChildren(el("div", { class: "chips" }, ...chips));
  }

  async #send(text) {
    if (!text || this.#busy) return;
    byId("ask-text").value = "";
    append(el("div", { class: "bubble you" }, text));
    await this.#answer(text);
  }

  async #answer(text) {
    const bubble = el("div", { class: "bubble agent", "aria-busy": "true" }, waiting(""));
    append(bubble);
    this.#setBusy(true);
    let said = "";
    try {
      for await (const { kind, data } of stream("/v1/ask", { text, conversation_id: this.#conversationId })) {
        if (kind === "error") throw new ApiError(0, data.code, data.message);
        if (kind === "tool" && data.state === "started" && !said)
          bubble.replaceChildren(waiting(DOING[data.name] ?? "Working on it…"));
        if (kind === "token") said += data.text;
        if (kind === "message") said = data.text;
        if (kind === "token" || kind === "message") bubble.replaceChildren(prose(said));
        if (kind !== "done") scrollDown();
        else this.#finish(bubble, data, said);
      }
    } catch (error) {
      bubble.remove();
      this.#failed(error, text);
    } finally {
      this.#setBusy(false);
    }
  }

  #finish(bubble, done, said) {
    this.#conversationId = done.conversation_id ?? null;
    bubble.removeAttribute("aria-busy");
    bubble.replaceChildren(prose(done.reply ?? said));
    byId("ask-said").textContent = done.reply ?? said;
    const found = done.opportunities ?? [];
    readFrom(bubble);
    if (!found.length) return;
    const chips = found
      .slice(0, SHOWN)
      .map((one) => el("button", { type: "button", onclick: () => this.#onOpportunity(one.id) }, one.title));
    if (found.length > SHOWN) {
      const rest = `and ${found.length - SHOWN} more`;
      chips.push(el("button", { type: "button", onclick: () => this.#onOpportunity(found[SHOWN].id) }, rest));
    }
    append(el("div", { class: "chips", role: "group", "aria-label": "Opportunities in this answer" }, ...chips));
    readFrom(bubble);
  }

  #failed(error, text) {
    if (error instanceof ApiError && error.status === 401) return this.#onSignedOut();
    if (!(error instanceof ApiError || error instanceof Unreachable)) console.error(error);
    const again = el("button", { class: "link", type: "button" }, "Try again");
    const trouble = el("p", { class: "trouble", role: "alert" }, error.message, " ", again);
    again.addEventListener("click", () => {
      trouble.remove();
      this.#answer(text);
    });
    append(trouble);
  }

  #setBusy(busy) {
    this.#busy = busy;
    byId("ask-send").disabled = busy;
  }
}

function waiting(doing) {
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("span"), el("span"), el("span"));
  return el("div", {}, doing ? el("p", { class: "doing" }, doing) : "", dots);
}

function append(element) {
  byId("ask-log").append(element);
  scrollDown();
}

function scrollDown() {
  byId("ask-log").scrollTop = byId("ask-log").scrollHeight;
}

/** A long answer is read from its beginning. */
function readFrom(bubble) {
  byId("ask-log").scrollTop = bubble.offsetTop - MARGIN_PX;
}
