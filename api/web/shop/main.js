import { ask } from "../shared/api.js";
import { byId, el } from "../shared/dom.js";
import { Chat } from "./chat.js";
import { ProductGrid } from "./products.js";
import { ShopperSession } from "./session.js";

const session = new ShopperSession();
const chat = new Chat(session);
const grid = new ProductGrid((product) => chat.open({ text: `About the ${product.name}: ` }));

grid.show();
showShop();

async function showShop() {
  const shop = await ask("GET", "/v1/shop").catch(() => null);
  if (!shop) return;
  const name = shop.name ?? "Rapport";
  byId("shop-name").textContent = name;
  byId("chat-title").textContent = name;
  document.title = name;
  if (shop.demo) await offerShoppers();
}

/** The demo's picker of somebody to shop as. */
async function offerShoppers() {
  const { shoppers } = await ask("GET", "/v1/demo/shoppers");
  const options = shoppers.map(({ customer_id, name, about }) =>
    el("option", { value: customer_id }, `${name}: ${about}`),
  );
  if (session.customerId && !shoppers.some((shopper) => shopper.customer_id === session.customerId)) {
    options.push(el("option", { value: session.customerId }, session.name));
  }
  const picker = byId("shopper");
  picker.replaceChildren(el("option", { value: "" }, "a guest"), ...options);
  picker.value = session.customerId ?? "";
  picker.addEventListener("change", () => {
    session.become(shoppers.find((shopper) => shopper.customer_id === picker.value) ?? null);
    chat.startOver();
  });
  byId("shopping-as").hidden = false;
}
