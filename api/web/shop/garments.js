import { SHAPES } from "./shapes.js";

/** Drawn garments: a shape for each kind of thing a clothing shop sells, in the colours its products come in. */

const COLOURS = {
  black: "#2b2c2e",
  navy: "#24344f",
  charcoal: "#4a4d52",
  grey: "#9a9da1",
  gray: "#9a9da1",
  white: "#f4f2ee",
  cream: "#efe5cf",
  sand: "#d9c7a3",
  stone: "#bdb4a4",
  beige: "#d8c6a5",
  camel: "#b98a54",
  brown: "#6f4a33",
  red: "#b3252f",
  burgundy: "#6d1f30",
  rust: "#a9502d",
  orange: "#d9772b",
  mustard: "#c8992e",
  yellow: "#e6c344",
  gold: "#c9a444",
  olive: "#6b6b3a",
  "forest green": "#2c5238",
  green: "#3d7a4a",
  sage: "#9caf94",
  teal: "#2b6f73",
  "light blue": "#a4c5de",
  blue: "#3a66a3",
  lilac: "#b9a3cf",
  purple: "#6a4b8a",
  plum: "#5c3057",
  pink: "#e2a1af",
  silver: "#b9bdc2",
  multicolor: "#c98f6b",
};
const NEUTRAL = "#8b8f88";

/** The hex value of a colour's name. */
export function hex(name) {
  const known = (name || "").toLowerCase();
  if (COLOURS[known]) return COLOURS[known];
  const part = known
    .split(/[\s/-]+/)
    .reverse()
    .find((word) => COLOURS[word]);
  return part ? COLOURS[part] : NEUTRAL;
}

/** Whether a colour is so light that it needs an outline. */
export function isLight(name) {
  return luminance(hex(name)) > 200;
}

/** Words of a category or a name, and the shape they mean; the first that fits counts. */
const KINDS = [
  [/parka/, "parka"],
  [/rain|shell|wind/, "rain"],
  [/coat|trench/, "coat"],
  [/fleece|hoodie|jacket|vest/, "fleece"],
  [/cardigan/, "cardigan"],
  [/sweater|knit|pullover|jumper/, "sweater"],
  [/base layer|thermal|long.?sleeve/, "base"],
  [/t-?shirt|tee\b|tank|top\b/, "tshirt"],
  [/shirt|blouse/, "shirt"],
  [/jeans|denim/, "jeans"],
  [/trouser|pants|legging|chino|shorts/, "trousers"],
  [/skirt/, "skirt"],
  [/dress/, "dress"],
  [/swim|bikini/, "swim"],
  [/hiking|trail/, "hiking"],
  [/boot/, "boots"],
  [/sandal/, "sandals"],
  [/sneaker|shoe|trainer|running/, "sneakers"],
  [/beanie/, "beanie"],
  [/hat|cap\b/, "hat"],
  [/scarf|shawl/, "scarf"],
  [/glove|mitten/, "gloves"],
  [/sock/, "socks"],
  [/backpack|rucksack/, "backpack"],
  [/tote|bag|suitcase/, "tote"],
];

/** Draws a product in one of its colours, as an SVG element. */
export function drawGarment({ category, name }, colour) {
  const shape = kindOf(category) ?? kindOf(name) ?? "tag";
  const base = hex(colour);
  const light = luminance(base) > 150 ? shade(base, 0.3) : shade(base, 0.38);
  const drawing = SHAPES[shape]
    .replaceAll("BASE", base)
    .replaceAll("DARK", shade(base, luminance(base) < 60 ? -0.45 : -0.22))
    .replaceAll("LIGHT", luminance(base) > 215 ? shade(base, -0.12) : light)
    .replaceAll("FUR", "#d8c7a8");
  const source = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="20 12 160 176" aria-hidden="true" fill="none" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">${drawing}</svg>`;
  return document.importNode(new DOMParser().parseFromString(source, "image/svg+xml").documentElement, true);
}

function kindOf(words) {
  const lower = (words || "").toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(lower))?.[1];
}

function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function luminance(colour) {
  const [red, green, blue] = channels(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Lighter (towards 1) or darker (towards -1). */
function shade(colour, by) {
  const mixed = channels(colour).map((channel) =>
    Math.round(by < 0 ? channel * (1 + by) : channel + (255 - channel) * by),
  );
  return "#" + mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("");
}
