import { el } from "./dom.js";

/** A reply as paragraphs and lists; `**bold**` and `code` are understood, nothing is ever taken as HTML. */
export function prose(text) {
  const fragment = document.createDocumentFragment();
  let list = null;
  let paragraph = [];
  const closeParagraph = () => {
    if (paragraph.length) fragment.append(el("p", {}, ...joined(paragraph)));
    paragraph = [];
  };
  for (const line of text.split("\n")) {
    const bullet = /^\s*(?:[-*•]|(\d+)[.)])\s+(.*)$/.exec(line);
    if (bullet) {
      closeParagraph();
      const tag = bullet[1] ? "ol" : "ul";
      if (!list || list.localName !== tag) {
        list = el(tag, bullet[1] && bullet[1] !== "1" ? { start: bullet[1] } : {});
        fragment.append(list);
      }
      list.append(el("li", {}, ...spans(bullet[2])));
      continue;
    }
    if (!line.trim()) {
      closeParagraph();
      // A blank line between two items does not end their list.
      continue;
    }
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    list = null;
    if (heading) {
      closeParagraph();
      fragment.append(el("p", { class: "heading" }, ...spans(heading[1])));
    } else {
      paragraph.push(line);
    }
  }
  closeParagraph();
  return fragment;
}

function joined(lines) {
  return lines.flatMap((line, index) => (index ? [el("br"), ...spans(line)] : spans(line)));
}

function spans(text) {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter(Boolean)
    .map((part) => {
      if (part.startsWith("**") && part.length > 4) return el("strong", {}, part.slice(2, -2));
      if (part.startsWith("`") && part.length > 2) return el("code", {}, part.slice(1, -1));
      return part;
    });
}
