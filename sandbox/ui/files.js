// Files that are dropped on the conversation or pasted into the composer wait beside it until the message is sent.

import { el, fill } from "/ui/dom.js";

export function waiting(zone, box, list) {
  let files = [];

  const show = () => {
    fill(list, files.map((file, index) => el("span", { class: "file" }, `📄 ${file.name} `,
      el("button", { type: "button", "aria-label": `Leave out ${file.name}`, onclick: () => { files.splice(index, 1); show(); } }, "✕"))));
    list.hidden = files.length === 0;
  };
  const add = async (dropped) => {
    for (const file of dropped) files.push({ name: file.name, mimetype: file.type || "application/octet-stream", content_base64: await encoded(file) });
    show();
  };

  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => { event.preventDefault(); add(event.dataTransfer.files); });
  box.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) { event.preventDefault(); add(event.clipboardData.files); }
  });
  return { all: () => files, clear: () => { files = []; show(); } };
}

const encoded = (file) => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = () => failed(reader.error);
  reader.readAsDataURL(file);
});
