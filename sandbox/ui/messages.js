// Messages of a conversation: author, time, blocks, reactions, threads, and what one can do with them.

import { post } from "/ui/api.js";
import { blocks } from "/ui/blocks.js";
import { el } from "/ui/dom.js";
import { emoji, mrkdwn, PICKER } from "/ui/mrkdwn.js";

const SYSTEM = /^(channel_|pinned_item|tombstone)/;

export function message(item, context) {
  const { world, me, channel, act } = context;
  if (SYSTEM.test(item.subtype || "")) {
    const who = item.subtype === "tombstone" ? "" : `${world.person(item.user)} `;
    return el("div", { class: "message system" }, clock(item.ts, world.zone()), " ", who, mrkdwn(item.text.replace(/^<@\w+> /, ""), world));
  }
  const bot = Boolean(item.bot_id);
  const name = item.bot_profile?.name || item.username || world.person(item.user);
  const press = (block, element, chosen) => act(() => post("interact", { channel, messageTs: item.ts, user: me,
    action: { action_id: element.action_id, block_id: block.block_id, ...chosen } }));
  const own = item.user === me;
  return el("article", { class: "message", "aria-label": `Message from ${name}` },
    el("div", {}, el("span", { class: "who" }, name), bot ? el("span", { class: "app" }, "APP") : null, clock(item.ts, world.zone()),
      item.edited && !bot ? el("span", { class: "edited" }, " (edited)") : null,
      item.pinned_to ? el("span", { class: "edited" }, " 📌 pinned") : null),
    item.blocks && bot ? blocks(item.blocks, world, press) : el("div", { class: "text" }, mrkdwn(item.text, world)),
    (item.files || []).map((file) => el("a", { class: "file", href: `/_control/files/${file.id}`, target: "_blank" },
      /^image\/(png|jpeg|gif|webp|svg)/.test(file.mimetype) ? el("img", { src: `/_control/files/${file.id}`, alt: file.name }) : `📄 ${file.name}`)),
    reactions(item, context),
    item.reply_count && !context.inThread
      ? el("button", { class: "replies", onclick: () => context.openThread(item.ts) }, `${item.reply_count} ${item.reply_count === 1 ? "reply" : "replies"}`) : null,
    tools(item, context, own));
}

export function whisper(note, context) {
  const press = (block, element, chosen) => context.act(() => post("interact", { channel: context.channel, messageTs: note.ts,
    user: context.me, action: { action_id: element.action_id, block_id: block.block_id, ...chosen } }));
  return el("article", { class: "message only", "aria-label": "Only visible to you" },
    el("div", {}, el("span", { class: "who" }, context.world.person(note.by)), el("span", { class: "app" }, "APP"), clock(note.ts, context.world.zone()),
      el("span", { class: "edited" }, " Only visible to you")),
    note.blocks ? blocks(note.blocks, context.world, press) : el("div", { class: "text" }, mrkdwn(note.text, context.world)));
}

function clock(ts, zone) {
  const at = new Date(Number(ts.split(".")[0]) * 1000);
  return el("time", { title: at.toISOString(), datetime: at.toISOString() },
    at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", timeZone: zone }));
}

function reactions(item, { me, channel, act }) {
  if (!item.reactions) return null;
  return el("div", { class: "reactions" }, item.reactions.map((r) => {
    const mine = r.users.includes(me);
    return el("button", { class: mine ? "mine" : "", title: `:${r.name}:`, onclick: () =>
      act(() => post("reaction", { channel, ts: item.ts, user: me, name: r.name, present: !mine })) }, `${emoji(r.name)} ${r.count}`);
  }));
}

function tools(item, context, own) {
  const { me, channel, act, shortcuts } = context;
  const react = (name) => act(() => post("reaction", { channel, ts: item.ts, user: me, name }));
  const picker = el("select", { "aria-label": "React", onchange: (event) => event.target.value && react(event.target.value) },
    el("option", { value: "" }, "🙂"), PICKER.map((name) => el("option", { value: name }, `${emoji(name)} ${name}`)));
  const more = el("select", { "aria-label": "More actions", onchange: (event) => {
    const callback = event.target.value;
    event.target.value = "";
    if (callback) act(() => post("shortcut", { user: me, callback_id: callback, channel, messageTs: item.ts }));
  } }, el("option", { value: "" }, "⋯"), shortcuts.map((s) => el("option", { value: s.callback_id }, s.name)));
  return el("div", { class: "tools" },
    el("button", { title: "Put on the timeline", onclick: () => react("pushpin") }, "📌"), picker,
    context.inThread ? null : el("button", { onclick: () => context.openThread(item.ts) }, "Reply"),
    own ? el("button", { onclick: () => {
      const text = prompt("Edit the message", item.text);
      if (text !== null) act(() => post("edit-message", { channel, ts: item.ts, user: me, text }));
    } }, "Edit") : null,
    own || item.bot_id ? el("button", { onclick: () => act(() => post("delete-message", { channel, ts: item.ts, user: me })) }, "Delete") : null,
    el("button", { onclick: () => act(() => post("pin", { channel, ts: item.ts, user: me, present: !item.pinned_to })) }, item.pinned_to ? "Unpin" : "Pin"),
    more);
}
