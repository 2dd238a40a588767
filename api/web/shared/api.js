import { eventsOf } from "./sse.js";

/** An error that the service answered with. `code` is for programs, `message` for people. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The service could not be reached, or the connection broke before the answer was whole. */
export class Unreachable extends Error {
  constructor() {
    super("The shop cannot be reached right now.");
  }
}

/** Asks the service and gives its JSON (null for an empty answer). */
export async function ask(method, path, { body, token } = {}) {
  const response = await send(method, path, body, token);
  return response.status === 204 ? null : response.json();
}

/** Posts and yields the server-sent events of the answer; throws `Unreachable` unless `done` or `error` came. */
export async function* stream(path, body, token) {
  const response = await send("POST", path, body, token);
  let ended = false;
  try {
    for await (const event of eventsOf(response.body)) {
      ended ||= event.kind === "done" || event.kind === "error";
      yield event;
    }
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) throw new Unreachable();
    throw error;
  }
  if (!ended) throw new Unreachable();
}

async function send(method, path, body, token) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Unreachable();
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => null);
  const error = said?.error ?? { code: "unknown", message: `The service answered ${response.status}.` };
  throw new ApiError(response.status, error.code, error.message);
}
