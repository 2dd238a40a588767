import { ApiError, Unreachable } from "../shared/api.js";
import { newMessageId, turn } from "../shared/conversation.js";
import { byId, el } from "../shared/dom.js";
import { prose } from "../shared/prose.js";
import { Answer, append, scrollDown } from "./answer.js";

const KEY = "rapport.chat";
const KEPT = 100;
const TRIES = [
  "Where is my order?",
  "I'm looking for a warm winter coat",
  "How do returns work?",
  "What do you know about me?",
];

/** The chat in the corner: one conversation, kept for this browser tab, that survives reloads and broken connections. */
export class Chat {
  #session;
  #state = read();
  #busy = false;
  #round = 0;

  constructor(session) {
    this.#session = session;
    byId("launcher").addEventListener("click", () => this.open());
    byId("chat-close").addEventListener("click", () => this.close());
    byId("chat-fresh").addEventListener("click", () => this.startOver());
    byId("chat").addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    byId("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    byId("chat-text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send();
      }
    });
    byId("chat-text").addEventListener("input", fit);
    this.#show();
    if (this.#state.pending) this.#deliver();
    if (this.#state.open) this.open({ focus: false });
  }

  open({ focus = true, text = "" } = {}) {
    this.#keep({ open: true });
    byId("chat").hidden = false;
    byId("launcher").hidden = true;
    byId("launcher").setAttribute("aria-expanded", "true");
    const field = byId("chat-text");
    if (text) {
      field.value = text;
      fit();
    }
    if (focus) {
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    }
    scrollDown();
  }

  close() {
    this.#keep({ open: false });
    byId("chat").hidden = true;
    byId("launcher").hidden = false;
    byId("launcher").setAttribute("aria-expanded", "false");
    byId("launcher").focus();
  }

  /** A new conversation, such as when somebody else is shopping now. */
  startOver() {
    this.#round += 1;
    this.#state = { open: this.#state.open };
    this.#keep({});
    this.#setBusy(false);
    this.#show();
    if (this.#state.open) byId("chat-text").focus();
  }

  #send(text = byId("chat-text").value.trim()) {
    if (!text || this.#busy) return;
    byId("chat-text").value = "";
    fit();
    this.#keep({ pending: { text, messageId: newMessageId() }, messages: [...this.#messages, { who: "you", text }] });
    byId("chat-log").querySelector(".tries")?.remove();
    append(bubble("you", text));
    this.#deliver();
  }

  /** Sends the pending message until it is answered or given up; it stays pending for another try then. */
  async #deliver() {
    const round = this.#round;
    const { text, messageId } = this.#state.pending;
    const body = { text, message_id: messageId, conversation_id: this.#state.conversationId ?? null };
    const answer = new Answer();
    this.#setBusy(true);
    try {
      for await (const event of turn("/v1/chat", body, this.#session.tokens())) {
        if (round !== this.#round) return answer.remove();
        if (event.kind === "error") throw new ApiError(0, event.data.code, event.data.message);
        answer.take(event);
        if (event.kind === "done") this.#answered(event.data, answer);
      }
    } catch (error) {
      answer.remove();
      if (round === this.#round) this.#failed(error);
      else if (!(error instanceof ApiError || error instanceof Unreachable)) throw error;
    } finally {
      if (round === this.#round) this.#setBusy(false);
    }
  }

  #answered(done, answer) {
    const reply = done.reply ?? answer.text;
    answer.finish(reply);
    this.#keep({
      pending: undefined,
      conversationId: done.conversation_id,
      messages: [...this.#messages, { who: "shop", text: reply, handoff: Boolean(done.handoff) }].slice(-KEPT),
    });
    if (done.handoff) append(handedOver());
    if (done.erased) this.#forgotten();
    byId("chat-said").textContent = reply;
  }

  /** Who was erased is a guest from here on; what this page kept of the conversation goes too. */
  #forgotten() {
    this.#session.become(null);
    this.#keep({ conversationId: undefined, messages: this.#messages.slice(-1) });
  }

  #failed(error) {
    const foreseen = error instanceof ApiError || error instanceof Unreachable;
    if (!foreseen) console.error(error);
    const again = el("button", { class: "link", type: "button" }, "Try again");
    const said = foreseen ? error.message : "Something went wrong in this page.";
    const trouble = el("p", { class: "trouble", role: "alert" }, said, " ", again);
    again.addEventListener("click", () => {
      trouble.remove();
      byId("chat-text").focus();
      if (error.code === "not_found") this.#keep({ conversationId: undefined });
      this.#deliver();
    });
    append(trouble);
  }

  get #messages() {
    return this.#state.messages ?? [];
  }

  #show() {
    const who = this.#session.name;
    byId("chat-who").textContent = who ? `You are ${who}` : "You are a guest";
    const hello = bubble(
      "shop",
      `Hello${who ? `, ${who.split(" ")[0]}` : ""}! Ask about orders, sizes, returns, or what to wear.`,
    );
    const log = byId("chat-log");
    log.replaceChildren(hello);
    for (const { who: speaker, text, handoff } of this.#messages) {
      log.append(bubble(speaker, text));
      if (handoff) log.append(handedOver());
    }
    if (!this.#messages.length) log.append(this.#tries());
    scrollDown();
  }

  #tries() {
    const buttons = TRIES.map((text) => el("button", { type: "button", onclick: () => this.#send(text) }, text));
    return el("div", { class: "tries", role: "group", "aria-label": "Things to ask" }, ...buttons);
  }

  #setBusy(busy) {
    this.#busy = busy;
    byId("chat-send").disabled = busy;
  }

  #keep(changes) {
    this.#state = { ...this.#state, ...changes };
    sessionStorage.setItem(KEY, JSON.stringify(this.#state));
  }
}

function bubble(who, text) {
  return el("div", { class: `bubble ${who}` }, who === "you" ? text : prose(text));
}

function handedOver() {
  return el("p", { class: "person" }, "Handed to a colleague");
}

function fit() {
  const field = byId("chat-text");
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
