// Block Kit as elements. `press(block, element, chosen)` is called when something is used.

import { el } from "/ui/dom.js";
import { mrkdwn } from "/ui/mrkdwn.js";

export function rendered(text, world) {
  if (!text) return "";
  return text.type === "plain_text" ? text.text.replace(/:([a-z_]+):/g, ":$1:") : mrkdwn(text.text, world);
}

export function blocks(list, world, press) {
  return el("div", { class: "blocks" }, (list || []).map((block) => one(block, world, press)));
}

export function one(block, world, press) {
  switch (block.type) {
    case "header": return el("div", { class: "b-header" }, block.text.text);
    case "divider": return el("hr");
    case "section": return section(block, world, press);
    case "context": return el("div", { class: "b-context" }, block.elements.map((e) =>
      e.type === "image" ? el("img", { src: e.image_url, alt: e.alt_text, height: 20 }) : el("span", {}, rendered(e, world))));
    case "actions": return el("div", { class: "b-actions" }, block.elements.map((e) => element(block, e, world, press)));
    case "image": return el("img", { src: block.image_url, alt: block.alt_text, style: "max-width:100%" });
    case "rich_text": return el("div", { class: "text" }, (block.elements || []).flatMap((part) =>
      (part.elements || []).map((leaf) => rich(leaf, world))));
    case "markdown": return el("div", { class: "text" }, block.text);
    default: return el("div", { class: "b-context" }, `[${block.type}]`);
  }
}

function section(block, world, press) {
  const made = [];
  if (block.text || block.accessory) {
    made.push(el("div", { class: "b-section" }, el("div", {}, rendered(block.text, world)),
      block.accessory ? element(block, block.accessory, world, press) : null));
  }
  if (block.fields) made.push(el("div", { class: "b-fields" }, block.fields.map((f) => el("div", {}, rendered(f, world)))));
  return el("div", {}, made);
}

function rich(leaf, world) {
  if (leaf.type === "user") return el("span", { class: "mention" }, `@${world.person(leaf.user_id)}`);
  if (leaf.type === "link") return el("a", { href: leaf.url, target: "_blank", rel: "noreferrer" }, leaf.text || leaf.url);
  return mrkdwn((leaf.text || "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"), world);
}

export function element(block, item, world, press) {
  if (item.type === "button") {
    const style = item.style ? `style-${item.style}` : "";
    return el("button", { type: "button", class: style, onclick: () => press?.(block, item, { value: item.value }) }, item.text.text);
  }
  if (item.type === "static_select" || item.type === "overflow") {
    return el("select", { "aria-label": item.placeholder?.text || "Choose", onchange: (event) =>
      press?.(block, item, { selected_option: event.target.value }) },
    el("option", { value: "" }, item.placeholder?.text || "…"),
    item.options.map((o) => el("option", { value: o.value }, o.text.text)));
  }
  return el("span", {}, `[${item.type}]`);
}
