// Open forms of the acting person, as dialogs. Typed text stays where a form stays open.

import { post } from "/ui/api.js";
import { one, rendered } from "/ui/blocks.js";
import { el } from "/ui/dom.js";

let shown = null; // the view that is drawn: id and hash

export function draw(view, me, world, failed) {
  const holder = document.getElementById("modal");
  if (!view) {
    shown = null;
    holder.replaceChildren();
    return;
  }
  const typed = shown && shown.id === view.id ? read(holder) : {};
  if (shown && shown.id === view.id && shown.hash === view.hash && !changedErrors(view)) return;
  shown = { id: view.id, hash: view.hash, errors: JSON.stringify(view.errors || {}) };
  const dialog = build(view, me, world, failed, typed);
  holder.replaceChildren(dialog);
  dialog.showModal();
  (dialog.querySelector(".error") ? dialog.querySelector("[aria-invalid]") : dialog.querySelector("input, textarea, select"))?.focus();
}

const changedErrors = (view) => JSON.stringify(view.errors || {}) !== shown.errors;

function build(view, me, world, failed, typed) {
  const press = (block, element, chosen) => post("interact", { view_id: view.id, user: me,
    action: { action_id: element.action_id, block_id: block.block_id, ...chosen } }).catch(failed);
  const close = () => post("close-view", { view_id: view.id, user: me }).catch(failed);
  const form = el("form", { method: "dialog", onsubmit: async (event) => {
    event.preventDefault();
    const button = form.querySelector(".primary");
    if (button) button.disabled = true;
    try {
      await post("submit", { view_id: view.id, user: me, values: values(form) });
    } catch (error) {
      failed(error);
    } finally {
      if (button) button.disabled = false;
    }
  } },
  el("h3", { id: "modal-title" }, view.title.text),
  el("div", { class: "body" }, view.blocks.map((block) =>
    block.type === "input" ? field(block, view, world, typed) : one(block, world, press))),
  el("div", { class: "foot" },
    el("button", { type: "button", onclick: close }, view.close?.text || "Close"),
    view.submit ? el("button", { type: "submit", class: "primary" }, view.submit.text) : null));
  return el("dialog", { "aria-labelledby": "modal-title", oncancel: (event) => { event.preventDefault(); close(); } }, form);
}

function field(block, view, world, typed) {
  const id = `in-${block.block_id}`;
  const error = (view.errors || {})[block.block_id];
  const label = [block.label.text, block.optional ? el("span", { class: "optional" }, " (optional)") : null];
  const known = typed[block.block_id];
  const item = block.element;
  const input = control(item, id, known, world, Boolean(error));
  input.dataset.block = block.block_id;
  input.dataset.action = item.action_id;
  input.dataset.kind = item.type;
  const grouped = item.type === "checkboxes" || item.type === "radio_buttons";
  return el("div", { class: "field" },
    grouped ? el("div", { class: "label", id: `${id}-label` }, label) : el("label", { for: id }, label),
    input,
    error ? el("div", { class: "error", role: "alert" }, error) : null,
    block.hint ? el("div", { class: "hint" }, rendered(block.hint, world)) : null);
}

function control(item, id, known, world, invalid) {
  const bad = { "aria-invalid": invalid ? "true" : null };
  switch (item.type) {
    case "plain_text_input": {
      const value = known ?? item.initial_value ?? "";
      return item.multiline ? el("textarea", { id, rows: 3, value, ...bad }) : el("input", { id, type: "text", value, ...bad });
    }
    case "checkboxes":
    case "radio_buttons": {
      const chosen = known ?? (item.initial_options || []).map((o) => o.value);
      return el("div", { id, role: "group", "aria-labelledby": `${id}-label` }, item.options.map((o) =>
        el("label", { class: "check" }, el("input", { type: item.type === "checkboxes" ? "checkbox" : "radio",
          name: id, value: o.value, checked: chosen.includes(o.value) }), " ", o.text.text)));
    }
    case "static_select":
      return choice(id, item.options.map((o) => [o.value, o.text.text]), known ?? item.initial_option?.value, false, bad);
    case "users_select":
      return choice(id, world.people(), known ?? item.initial_user, false, bad);
    case "multi_users_select":
      return choice(id, world.people(), known ?? item.initial_users, true, bad);
    default:
      return el("input", { id, type: item.type === "datepicker" ? "date" : "text", value: known ?? "", ...bad });
  }
}

function choice(id, options, chosen, multiple, more) {
  const wanted = [chosen].flat().filter(Boolean);
  return el("select", { id, multiple, size: multiple ? 4 : null, ...more },
    multiple ? null : el("option", { value: "" }, "—"),
    options.map(([value, text]) => el("option", { value, selected: wanted.includes(value) }, text)));
}

function valueOf(input) {
  const kind = input.dataset.kind;
  if (kind === "checkboxes") return [...input.querySelectorAll(":checked")].map((box) => box.value);
  if (kind === "radio_buttons") return input.querySelector(":checked")?.value ?? null;
  if (kind.startsWith("multi_")) return [...input.selectedOptions].map((option) => option.value);
  return input.value || null;
}

function read(holder) {
  const found = {};
  for (const input of holder.querySelectorAll("[data-block]")) found[input.dataset.block] = valueOf(input);
  return found;
}

function values(form) {
  const found = {};
  for (const input of form.querySelectorAll("[data-block]")) {
    found[input.dataset.block] = { [input.dataset.action]: valueOf(input) };
  }
  return found;
}
