// Slack's mrkdwn as elements: mentions, links, dates, emoji, bold, italic, strike, code, quotes.

import { el } from "/ui/dom.js";

const EMOJI = {
  pushpin: "📌", round_pushpin: "📍", memo: "📝", red_circle: "🔴", warning: "⚠️", rotating_light: "🚨",
  arrows_counterclockwise: "🔄", wrench: "🔧", green_heart: "💚", checkered_flag: "🏁", white_check_mark: "✅",
  mag: "🔍", dart: "🎯", eyes: "👀", no_entry_sign: "🚫", link: "🔗", white_circle: "⚪", large_blue_circle: "🔵",
  black_circle: "⚫", heavy_minus_sign: "➖", thumbsup: "👍", "+1": "👍", "-1": "👎", fire: "🔥", tada: "🎉",
  heart: "❤️", rocket: "🚀", ballot_box_with_check: "☑️", clipboard: "📋", large_green_circle: "🟢",
};

export const PICKER = ["pushpin", "red_circle", "warning", "rotating_light", "arrows_counterclockwise", "wrench",
  "green_heart", "checkered_flag", "memo", "thumbsup", "eyes"];

export const emoji = (name) => EMOJI[name] || `:${name}:`;

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

// `people` and `channels` give names by id; `open` is called with a channel's id.
export function mrkdwn(text, world) {
  const made = document.createDocumentFragment();
  for (const [index, part] of String(text ?? "").split(/```([\s\S]*?)```/).entries()) {
    if (index % 2) made.append(el("pre", {}, unescape(part.trim())));
    else lines(part, world, made);
  }
  return made;
}

function lines(text, world, into) {
  for (const [index, line] of text.split("\n").entries()) {
    if (index) into.append("\n");
    const quoted = /^&gt; ?(.*)$/.exec(line);
    if (quoted) into.append(el("blockquote", {}, inline(quoted[1], world)));
    else into.append(inline(line, world));
  }
}

const TOKEN = /`([^`]+)`|<([^<>]+)>|:([a-z0-9_+-]+):(?::skin-tone-\d:)?|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/g;

function inline(text, world) {
  const made = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    made.append(unescape(text.slice(at, match.index)));
    const [, code, token, name, bold, italic, strike] = match;
    if (code !== undefined) made.append(el("code", {}, unescape(code)));
    else if (token !== undefined) made.append(live(token, world));
    else if (name !== undefined) made.append(EMOJI[name] ? el("span", { title: `:${name}:` }, EMOJI[name]) : `:${name}:`);
    else if (bold !== undefined) made.append(el("strong", {}, inline(bold, world)));
    else if (italic !== undefined) made.append(el("em", {}, inline(italic, world)));
    else made.append(el("s", {}, inline(strike, world)));
    at = match.index + match[0].length;
  }
  made.append(unescape(text.slice(at)));
  return made;
}

function live(token, world) {
  const [target, label] = token.split("|");
  if (target.startsWith("@")) return el("span", { class: "mention" }, `@${world.person(target.slice(1))}`);
  if (target.startsWith("#")) {
    const id = target.slice(1);
    return el("a", { href: `#${id}`, class: "mention" }, `#${world.channel(id) || label || id}`);
  }
  if (target.startsWith("!date")) return dated(target, label, world.zone());
  if (target.startsWith("!")) return el("span", { class: "mention" }, `@${target.slice(1).split("^")[0]}`);
  return el("a", { href: target, target: "_blank", rel: "noreferrer" }, unescape(label || target));
}

function dated(target, fallback, timeZone) {
  const [, stamp, format] = target.split("^");
  const at = new Date(Number(stamp) * 1000);
  const day = at.toLocaleDateString(undefined, { day: "numeric", month: "short", timeZone });
  const time = at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", timeZone });
  const text = format.replace(/\{date[a-z_]*\}/g, day).replace(/\{time(_secs)?\}/g, time).replace(/\{ago\}/g, ago(at));
  return el("span", { title: fallback }, text);
}

function ago(at) {
  const minutes = Math.round((Date.now() - at) / 60000);
  return minutes < 60 ? `${minutes} minutes ago` : `${Math.round(minutes / 60)} hours ago`;
}
