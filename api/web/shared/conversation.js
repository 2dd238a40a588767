import { ApiError, Unreachable, stream } from "./api.js";

const PAUSES_MS = [1000, 2000, 4000];

/**
 * Sends one message and yields the events of its turn. When the connection breaks, the same message is sent again:
 * the service knows it by its id and shows the same turn, so `{kind: "again"}` tells to start its display afresh.
 * `tokenOf(renew)` gives the token; a session that has ended is renewed once.
 */
export async function* turn(path, body, tokenOf) {
  let renewed = false;
  for (let failures = 0; ;) {
    try {
      yield* stream(path, body, await tokenOf(false));
      return;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401 && !renewed) {
        renewed = true;
        yield { kind: "again", data: { waiting: false } };
        await tokenOf(true);
      } else if (error instanceof Unreachable && failures < PAUSES_MS.length) {
        yield { kind: "again", data: { waiting: true } };
        await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[failures]));
        failures += 1;
      } else {
        throw error;
      }
    }
  }
}

/** An id for a message, the same for all tries to send it. */
export function newMessageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return "web-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
