// Typing "@be" offers people; Tab, Enter or a click takes the first or the chosen one.

import { el, fill } from "/ui/dom.js";

const STARTED = /(^|\s)@([\w-]*)$/;

// `people()` gives [id, name, handle]; the handle is what stands in the text.
export function completing(box, list, people) {
  let offered = [];
  let at = 0;

  const close = () => { offered = []; list.hidden = true; };
  const take = (handle) => {
    const before = box.value.slice(0, box.selectionStart).replace(STARTED, `$1@${handle} `);
    box.value = before + box.value.slice(box.selectionStart);
    box.setSelectionRange(before.length, before.length);
    close();
    box.focus();
  };
  const show = () => {
    fill(list, offered.map(([, name, handle], index) => el("button", { type: "button", role: "option",
      "aria-selected": index === at ? "true" : "false", onmousedown: (event) => { event.preventDefault(); take(handle); } },
    `${name} @${handle}`)));
    list.hidden = offered.length === 0;
  };

  box.addEventListener("input", () => {
    const match = STARTED.exec(box.value.slice(0, box.selectionStart));
    const typed = match?.[2].toLowerCase();
    offered = match ? people().filter(([, name, handle]) =>
      handle.startsWith(typed) || name.toLowerCase().startsWith(typed)).slice(0, 8) : [];
    at = 0;
    show();
  });
  box.addEventListener("blur", close);
  // Registered before the composer's own keys: while people are offered, Enter takes one of them.
  box.addEventListener("keydown", (event) => {
    if (!offered.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length;
      show();
    } else if (event.key === "Tab" || (event.key === "Enter" && offered[at][2] !== typedWhole(box))) take(offered[at][2]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
}

const typedWhole = (box) => STARTED.exec(box.value.slice(0, box.selectionStart))?.[2];
