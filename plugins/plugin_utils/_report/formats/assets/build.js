
"use strict";
// Text becomes text and nothing else: nothing here ever parses HTML.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;

function say(name, values) {
  return words[name].replace(/\{(\w+)\}/g, (whole, key) => (values && key in values ? String(values[key]) : whole));
}

// An element with attributes (null leaves one out) and children (nodes, text, or null for none).
function make(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function draw(tag, attributes, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== ""));
  return element;
}

// Add to the list of that name.
function gather(lists, name, value) {
  if (!lists.has(name)) lists.set(name, []);
  lists.get(name).push(value);
}

function badge(verdict, text) {
  return make("span", { class: "badge v-" + verdict }, text);
}

// The class of a host; where a part of it could not be seen, that is a part of the class.
function classed(host) {
  const name = words[host.status === "ok" ? host.verdict : host.status];
  return host.unseen ? make("span", { class: "badge part v-" + host.verdict }, say("partly", { verdict: name, unseen: host.unseen })) : badge(host.verdict, name);
}

// A table with a row of names; cells are nodes or text.
function grid(names, rows) {
  return make("table", null,
    make("thead", null, make("tr", null, names.map((name) => make("th", { scope: "col" }, words[name])))),
    make("tbody", null, rows.map((row) => make("tr", null, row.map((cell) => make("td", null, cell))))));
}

// A value of evidence as short text.
function told(value) {
  if (value === null || value === undefined) return "-";
  if (Array.isArray(value)) return value.map(told).join(", ");
  if (typeof value !== "object") return String(value);
  return Object.entries(value).filter(([, item]) => item !== null).map(([name, item]) => name + " " + told(item)).join(", ");
}

function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return make("dl", { class: "facts" }, known.map(([name, value]) => [make("dt", null, name), make("dd", null, value)]));
}

// The hosts as the table shows them, the worst first; the rest of each is packed (unpack.js).
const SHARED = ["status", "verdict", "kernel", "series", "summary", "reason", "unseen"];
const hosts = data.hosts.map((row, place) => {
  const host = Object.fromEntries(data.columns.map((name, column) => [name, row[column]]));
  for (const name of SHARED) host[name] = host[name] === null ? null : data.texts[host[name]];
  for (const name of ["groups", "files"]) host[name] = host[name].map((number) => data.texts[number]);
  return { ...host, place: place, kinds: [...host.found, ...host.waived].map((number) => data.kinds[number]) };
});
