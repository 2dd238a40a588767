import { ApiError, ask } from "../shared/api.js";
import { byId } from "../shared/dom.js";
import { AskPane } from "./ask.js";
import { CustomersPane } from "./customers.js";
import { OpportunitiesPane } from "./opportunities.js";

const PANES = ["ask", "opportunities", "customers"];
const WIDE = matchMedia("(min-width: 68rem)"); // there, the ask pane stands beside the others
const customers = new CustomersPane(signedOut);
const opportunities = new OpportunitiesPane(signedOut, showCustomer);
const askPane = new AskPane(signedOut, (id) => {
  show("opportunities");
  opportunities.pointTo(id);
});

start();

async function start() {
  showShopName();
  for (const pane of PANES) byId(`tab-${pane}`).addEventListener("click", () => show(pane));
  byId("tabs").addEventListener("keydown", moveAmongTabs);
  byId("sign-in-form").addEventListener("submit", signInByKey);
  byId("sign-out").addEventListener("click", signOut);
  WIDE.addEventListener("change", () => byId("panes").dataset.pane === "ask" && show("ask"));
  if (!(await signInByLink())) await enterIfSignedIn();
}

/** The link that the demo prints carries its code behind the #, so that no server's log ever has it. */
async function signInByLink() {
  const code = new URLSearchParams(location.hash.slice(1)).get("sign-in");
  if (!code) return false;
  history.replaceState(null, "", location.pathname);
  try {
    enter(await ask("POST", "/v1/console/session", { body: { code } }));
  } catch (error) {
    if (!(await enterIfSignedIn())) trouble(error.message);
  }
  return true;
}

async function signInByKey(event) {
  event.preventDefault();
  try {
    const session = await ask("POST", "/v1/console/session", { body: { key: byId("key").value.trim() } });
    byId("key").value = "";
    enter(session);
  } catch (error) {
    trouble(error.message);
  }
}

async function enterIfSignedIn() {
  try {
    enter(await ask("GET", "/v1/console/session"));
    return true;
  } catch (error) {
    signedOut();
    if (!(error instanceof ApiError)) trouble(error.message);
    return false;
  }
}

function enter({ name }) {
  byId("sign-in").hidden = true;
  byId("sign-in-trouble").hidden = true;
  for (const id of ["panes", "tabs", "who"]) byId(id).hidden = false;
  byId("who-name").textContent = name;
  show("ask");
  opportunities.load();
  customers.search();
  const wanted = new URLSearchParams(location.hash.slice(1)).get("customer");
  if (wanted) showCustomer(wanted);
}

async function signOut() {
  await ask("DELETE", "/v1/console/session").catch(() => {});
  askPane.clear();
  signedOut();
}

/** Shows the sign-in, such as when the session has ended. */
function signedOut() {
  for (const id of ["panes", "tabs", "who"]) byId(id).hidden = true;
  byId("sign-in").hidden = false;
  byId("key").focus();
}

function trouble(message) {
  byId("sign-in-trouble").textContent = message;
  byId("sign-in-trouble").hidden = false;
}

function show(wanted) {
  const pane = wanted === "ask" && WIDE.matches ? "opportunities" : wanted;
  byId("panes").dataset.pane = pane;
  for (const other of PANES) {
    const tab = byId(`tab-${other}`);
    tab.setAttribute("aria-selected", String(other === pane));
    tab.tabIndex = other === pane ? 0 : -1;
  }
}

function showCustomer(id) {
  show("customers");
  customers.show(id);
}

function moveAmongTabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const shown = PANES.filter((pane) => byId(`tab-${pane}`).offsetParent);
  const at = shown.findIndex((pane) => byId(`tab-${pane}`) === document.activeElement);
  const next = shown[(at + step + shown.length) % shown.length];
  show(next);
  byId(`tab-${next}`).focus();
}

async function showShopName() {
  const shop = await ask("GET", "/v1/shop").catch(() => null);
  if (!shop?.name) return;
  byId("shop-name").textContent = shop.name;
  document.title = `${shop.name} console`;
}
