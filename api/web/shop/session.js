import { ask } from "../shared/api.js";

const KEY = "rapport.session";

/** Who is shopping: a guest, or in the demo a customer chosen by name. Kept for this browser tab. */
export class ShopperSession {
  #state = read();

  /** `null` for a guest. */
  get customerId() {
    return this.#state.customerId ?? null;
  }

  get name() {
    return this.#state.name ?? null;
  }

  /** Becomes somebody else; the token is fetched when it is first needed. */
  become(customer) {
    this.#state = customer ? { customerId: customer.customer_id, name: customer.name } : {};
    write(this.#state);
  }

  /** A function that gives the token; asked to renew, it signs in again. */
  tokens() {
    return async (renew) => {
      if (renew) delete this.#state.token;
      if (!this.#state.token) {
        const state = this.#state;
        const body = state.customerId ? { customer_id: state.customerId } : undefined;
        state.token = (await ask("POST", body ? "/v1/demo/session" : "/v1/session", { body })).token;
        write(state);
      }
      return this.#state.token;
    };
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function write(state) {
  sessionStorage.setItem(KEY, JSON.stringify(state));
}
