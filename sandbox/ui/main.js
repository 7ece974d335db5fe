// The page: who acts, where they are, and drawing it anew after every change.

import { get, post, Refused, watch } from "/ui/api.js";
import { blocks } from "/ui/blocks.js";
import { completing } from "/ui/complete.js";
import { el, fill } from "/ui/dom.js";
import { waiting } from "/ui/files.js";
import { message, whisper } from "/ui/messages.js";
import { draw as drawModal } from "/ui/modal.js";

const HOME = "home";
const page = { me: sessionStorage.getItem("me"), place: location.hash.slice(1), thread: null, seen: {}, state: null };
const $ = (id) => document.getElementById(id);

const world = {
  person: (id) => page.state?.users.find((u) => u.id === id)?.real_name || id || "somebody",
  channel: (id) => page.state?.channels.find((c) => c.id === id)?.name,
  zone: () => page.state?.users.find((u) => u.id === page.me)?.tz,
  people: () => page.state.users.filter((u) => !u.is_bot && !u.deleted).map((u) => [u.id, u.real_name]),
};

function failed(error) {
  $("problem").textContent = error instanceof Refused ? `That did not work: ${error.message}` : `The page failed: ${error}`;
  $("problem").hidden = false;
}

async function act(work) {
  $("problem").hidden = true;
  try {
    return await work();
  } catch (error) {
    failed(error);
    return null;
  }
}

function go(place) {
  page.place = place;
  page.thread = null;
  location.hash = place;
  if (place === HOME) act(() => post("open-home", { user: page.me }));
  refresh();
}

// --- sidebar -----------------------------------------------------------------------------------------------------------

function sidebar() {
  const { state, me } = page;
  const mine = state.channels.filter((c) => c.members.includes(me));
  const others = state.channels.filter((c) => !c.members.includes(me) && !c.is_private && !c.is_im && !c.is_archived);
  const globals = state.apps[0].shortcuts.filter((s) => s.type === "global");
  const focused = document.activeElement?.id;
  fill($("sidebar"), 
    el("h1", {}, state.workspace.name),
    el("label", { for: "me" }, "Acting as"),
    el("select", { id: "me", onchange: (event) => {
      page.me = event.target.value;
      sessionStorage.setItem("me", page.me);
      const channel = state.channels.find((c) => c.id === page.place);
      if (page.place === HOME || (channel && !channel.members.includes(page.me))) go(first()); else refresh();
    } }, state.users.filter((u) => !u.is_bot && !u.deleted).map((u) =>
      el("option", { value: u.id, selected: u.id === me }, `${u.real_name} (${u.tz})`))),
    el("h2", {}, "App"),
    entry(HOME, "🏠 Tocsin home"),
    el("button", { onclick: () => act(async () => go((await post("dm", { user: me })).channel.id)) }, "✉️ Messages from Tocsin"),
    globals.map((s) => el("button", { onclick: () => act(() => post("shortcut", { user: me, callback_id: s.callback_id })) }, `⚡ ${s.name}`)),
    el("h2", {}, "Channels"),
    mine.filter((c) => !c.is_im).map((c) => entry(c.id, `${c.is_private ? "🔒" : "#"} ${c.name}`, c)),
    others.length ? el("h2", {}, "Join") : null,
    others.map((c) => el("button", { onclick: () => act(async () => {
      await post("join", { channel: c.id, user: me });
      go(c.id);
    }) }, `+ ${c.name}`)),
    state.clock.virtual ? clock(state.clock.now) : null);
  if (focused === "me") $("me").focus();
}

function entry(place, text, channel) {
  const unread = channel && channel.latest && channel.latest > (page.seen[`${page.me}:${place}`] || "0") && place !== page.place;
  const classes = [channel?.is_archived ? "archived" : "", unread ? "unread" : ""].join(" ");
  return el("button", { class: classes, "aria-current": page.place === place ? "page" : null, onclick: () => go(place) }, text);
}

function clock(now) {
  const advance = (seconds) => () => act(() => post("clock", { advance_s: seconds }));
  return el("div", { class: "clock" }, `Clock: ${now.slice(0, 19).replace("T", " ")} UTC`, el("br"),
    el("button", { onclick: advance(300) }, "+5 min"), el("button", { onclick: advance(3600) }, "+1 h"),
    el("button", { onclick: advance(86400) }, "+1 day"));
}

const first = () => page.state.channels.find((c) => c.members.includes(page.me) && !c.is_im)?.id || HOME;

// --- conversation ------------------------------------------------------------------------------------------------------

function header(channel) {
  const name = channel.is_im ? "Tocsin" : `${channel.is_private ? "🔒 " : "#"}${channel.name}`;
  const ask = (words, path, key, present) => () => {
    const value = prompt(words, present);
    if (value !== null) act(() => post(path, { channel: channel.id, user: page.me, [key]: value }));
  };
  const plain = (path) => () => act(() => post(path, { channel: channel.id, user: page.me }));
  const invite = el("select", { "aria-label": "Invite", onchange: (event) => event.target.value &&
    act(() => post("join", { channel: channel.id, user: event.target.value, inviter: page.me })) },
  el("option", { value: "" }, "Invite…"),
  world.people().filter(([id]) => !channel.members.includes(id)).map(([id, text]) => el("option", { value: id }, text)));
  fill($("header"), 
    el("h2", {}, name, channel.is_archived ? " (archived)" : ""),
    el("div", { class: "topic" }, channel.topic || ""),
    channel.is_im ? "" : el("div", { class: "bar" },
      channel.bookmarks.map((b) => el("a", { href: `#${channel.id}` }, `🔖 ${b.title}`)),
      el("span", {}, `📌 ${channel.pins.length} pinned`), el("span", {}, `👥 ${channel.members.map(world.person).join(", ")}`),
      invite,
      el("button", { onclick: ask("New topic", "set-topic", "topic", channel.topic) }, "Topic"),
      el("button", { onclick: ask("New name", "rename-channel", "name", channel.name) }, "Rename"),
      el("button", { onclick: plain("leave") }, "Leave"),
      el("button", { onclick: plain(channel.is_archived ? "unarchive" : "archive") }, channel.is_archived ? "Unarchive" : "Archive")));
}

async function conversation() {
  const channel = page.state.channels.find((c) => c.id === page.place);
  if (!channel) return;
  header(channel);
  const data = await get(`messages/${channel.id}?user=${page.me}`);
  const shortcuts = page.state.apps[0].shortcuts.filter((s) => s.type === "message");
  const context = { world, me: page.me, channel: channel.id, act, shortcuts, openThread: (ts) => { page.thread = ts; refresh(); } };
  const top = data.messages.filter((m) => !m.thread_ts || m.thread_ts === m.ts || m.subtype === "thread_broadcast");
  const all = [...top.map((m) => [m.ts, () => message(m, context)]), ...data.ephemeral.map((n) => [n.ts, () => whisper(n, context)])];
  all.sort(([a], [b]) => (a < b ? -1 : 1));
  const list = $("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80 || list.dataset.place !== channel.id;
  list.dataset.place = channel.id;
  fill(list, all.slice(-300).map(([, make]) => make()));
  if (atEnd) list.scrollTop = list.scrollHeight;
  page.seen[`${page.me}:${channel.id}`] = channel.latest || "0";
  thread(data.messages, context);
  $("composer").hidden = channel.is_archived || !channel.members.includes(page.me);
}

function thread(all, context) {
  const side = $("thread");
  side.hidden = !page.thread;
  if (!page.thread) return;
  const draft = side.querySelector("textarea")?.value || "";
  const focused = document.activeElement === side.querySelector("textarea");
  const parts = all.filter((m) => m.ts === page.thread || m.thread_ts === page.thread);
  const text = el("textarea", { rows: 2, "aria-label": "Reply", value: draft });
  fill(side,
    el("h3", {}, "Thread", el("button", { onclick: () => { page.thread = null; refresh(); }, "aria-label": "Close thread" }, "✕")),
    ...parts.map((m) => message(m, { ...context, inThread: true })),
    el("form", { onsubmit: (event) => {
      event.preventDefault();
      act(async () => {
        await post("message", { channel: page.place, user: page.me, text: text.value, thread_ts: page.thread });
        text.value = "";
      });
    } }, text, el("button", { class: "primary" }, "Reply")));
  if (focused) text.focus();
}

async function home() {
  fill($("header"), el("h2", {}, "Tocsin home"));
  $("thread").hidden = true;
  $("composer").hidden = true;
  const { view } = await get(`homes/${page.me}`);
  const press = (block, element, chosen) => act(() => post("interact", { view_id: view.id, user: page.me,
    action: { action_id: element.action_id, block_id: block.block_id, ...chosen } }));
  fill($("messages"), view ? blocks(view.blocks, world, press) : el("p", {}, "Opening…"));
}

// --- composer ------------------------------------------------------------------------------------------------------------

const mentions = (text) => text.replace(/(^|\s)@([\w-]+)/g, (whole, before, name) => {
  const found = page.state.users.find((u) => u.name === name.toLowerCase() || u.real_name.toLowerCase() === name.toLowerCase());
  return found ? `${before}<@${found.id}>` : whole;
});

async function send() {
  const text = $("text").value.trim();
  const files = dropped.all();
  if (!text && !files.length) return;
  const button = $("composer").querySelector("button");
  button.disabled = true;
  const match = /^(\/\w+)(?:\s+([\s\S]*))?$/.exec(text);
  const done = await act(() => (match && match[1] !== "/me"
    ? post("command", { channel: page.place, user: page.me, command: match[1], text: match[2] || "" })
    : post("message", { channel: page.place, user: page.me, text: mentions(text), files })));
  button.disabled = false;
  if (done) {
    $("text").value = "";
    dropped.clear();
  }
  $("text").focus();
}

completing($("text"), $("offered"), () => page.state.users.filter((u) => !u.is_bot && !u.deleted).map((u) => [u.id, u.real_name, u.name]));
const dropped = waiting($("main"), $("text"), $("files"));
$("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
});

// --- drawing -------------------------------------------------------------------------------------------------------------

async function refresh() {
  page.state = await get("state");
  const people = world.people();
  if (!people.some(([id]) => id === page.me)) page.me = people[0][0];
  if (page.place !== HOME && !page.state.channels.some((c) => c.id === page.place)) page.place = first();
  sidebar();
  if (page.place === HOME) await home(); else await conversation();
  const { views } = await get(`views?user=${page.me}`);
  drawModal(views.at(-1), page.me, world, failed);
}

window.addEventListener("hashchange", () => { page.place = location.hash.slice(1); page.thread = null; refresh(); });
watch(() => refresh().catch(failed));
