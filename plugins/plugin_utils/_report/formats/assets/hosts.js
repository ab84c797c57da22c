
// The table of hosts. Only one page of rows is ever in the document, whatever the size of the fleet.
const PAGE = 100;
const rank = Object.fromEntries(data.classes.map((name, place) => [name, place]));
const columns = [
  ["host", (host) => host.name], ["verdict", (host) => rank[host.verdict]], ["kernel", (host) => host.kernel || ""],
  ["groups", (host) => host.groups.join(" ")], ["findings", (host) => host.found.length],
  ...(data.compared ? [["change", (host) => (host.change || {}).change || ""]] : []), ["matters", matter]];
const sorts = columns.map(([name]) => name);
for (const host of hosts) host.text = searched(host);
let matching = hosts;

function matter(host) {
  return host.reason || host.summary || "";
}

function searched(host) {
  const kinds = host.kinds.map((kind) => kind.rule + " " + kind.title);
  return [host.name, host.status, host.verdict, words[host.verdict], host.unseen, host.kernel, host.summary, host.reason, ...host.groups, ...kinds, ...host.files].join("\n").toLowerCase();
}

// Whether the host is one of that class, or ended so: one that was left out has no class, as everywhere.
function counts(host, verdict) {
  return host.status === verdict || (host.status !== "skipped" && host.verdict === verdict);
}

function sight(host) {
  return host.status !== "ok" ? "none" : host.unseen ? "part" : "full";
}

function groupsOf(host) {
  return host.groups.length ? host.groups : ["ungrouped"];
}

function chosen() {
  const { verdict, seen, group, series, rule, change } = state.filter;
  const needles = state.search.toLowerCase().split(/\s+/).filter(Boolean);
  const key = columns.find(([name]) => name === state.sort)[1];
  const order = (one, other) => (typeof one === "number" ? one - other : collator.compare(one, other));
  const kept = hosts.filter((host) => (!verdict || counts(host, verdict)) && (!seen || seen === sight(host)) && (!group || groupsOf(host).includes(group)) &&
    (!series || host.series === series) && (!rule || host.kinds.some((kind) => kind.rule === rule)) && (!change || (host.change || {}).change === change) && needles.every((needle) => host.text.includes(needle)));
  const keyed = kept.map((host) => [key(host), host]);
  keyed.sort(([one, a], [other, b]) => (state.down ? -order(one, other) : order(one, other)) || a.place - b.place);
  return keyed.map(([, host]) => host);
}

function row(host) {
  const id = "detail" + host.place, open = state.open.has(host.place);
  const button = make("button", { type: "button", class: "open", "aria-expanded": String(open), "aria-controls": open ? id : null }, host.name);
  button.addEventListener("click", () => toggle(host));
  const cells = {
    verdict: classed(host), kernel: host.kernel || "", groups: host.groups.join(", "),
    findings: counted(host), matters: matter(host), change: host.change ? changed(host) : "" };
  const first = make("tr", { id: "row" + host.place },
    columns.map(([name]) => name === "host" ? make("th", { scope: "row", class: "c-host" }, button) : make("td", { class: "c-" + name }, cells[name])));
  return open ? [first, make("tr", { class: "opened" }, make("td", { class: "detail", id: id, colspan: columns.length }, shown(host)))] : [first];
}

// How many rules found something; waived ones stand beside them and do not count.
function counted(host) {
  const waived = host.waived.length ? say("n_waived", { count: host.waived.length }) : null;
  return [host.status === "ok" ? String(host.found.length) : "", waived ? make("span", { class: "dim" }, " " + waived) : null];
}

// The part of a host, or why it is not there yet.
function shown(host) {
  if (host.detail === undefined) details([host]).then(fill);
  return host.detail ? detail(host) : make("p", null, host.detail === null ? words.no_details : words.unpacking);
}

function toggle(host) {
  if (!state.open.delete(host.place)) state.open.add(host.place);
  fill();
  remember();
  document.querySelector("#row" + host.place + " button").focus();
}

// How many hosts match.
function numbered() {
  const count = matching.length;
  if (!count) return words.no_match;
  return count < hosts.length ? say("shown_some", { count: count, of: hosts.length }) : count === 1 ? words.one_host : say("n_hosts", { count: count });
}

function fill() {
  const count = matching.length, from = state.page * PAGE, to = Math.min(from + PAGE, count);
  body.replaceChildren(...matching.slice(from, to).flatMap(row));
  status.textContent = count > PAGE ? say("shown", { from: from + 1, to: to, count: count }) : numbered();
  pager.hidden = count <= PAGE;
  previous.disabled = state.page === 0;
  next.disabled = to >= count;
}

// The table as the state asks for it.
function refresh() {
  matching = chosen();
  state.page = Math.min(state.page, Math.max(0, Math.ceil(matching.length / PAGE) - 1));
  for (const name of sorts) {
    document.getElementById("sort-" + name).parentNode.setAttribute("aria-sort", name !== state.sort ? "none" : state.down ? "descending" : "ascending");
  }
  for (const [name, control] of Object.entries(controls)) control.value = state.filter[name];
  if (search.value !== state.search) search.value = state.search;
  clear.disabled = !state.search && !Object.values(state.filter).some(Boolean);
  fill();
  warm = details(printed());
}

function change(values, typing) {
  Object.assign(state, { page: 0 }, values);
  refresh();
  remember(typing);
}

function turn(by) {
  change({ page: state.page + by });
  document.getElementById("hosts").scrollIntoView();
}

// What the address says: after the page was opened with it, a link to hosts, a step back or forward.
function arrive() {
  const before = state.open;
  recall(location.hash.includes("=") ? location.hash.slice(1) : "", sorts, choices);
  const come = chosen().findIndex((host) => state.open.has(host.place) && !before.has(host.place));
  if (come >= 0 && !state.page) state.page = Math.floor(come / PAGE);
  refresh();
  const to = come < 0 ? null : document.getElementById("row" + matching[come].place);
  if (to) to.scrollIntoView();
}

function picker(name) {
  const control = make("select", { id: "filter-" + name }, make("option", { value: "" }, words.all),
    [...choices[name]].map(([value, text]) => make("option", { value: value }, text)));
  control.addEventListener("change", () => change({ filter: { ...state.filter, [name]: control.value } }));
  return control;
}

function distinct(values) {
  return new Map([...new Set(values)].sort(collator.compare).map((value) => [value, value]));
}

const collator = new Intl.Collator(undefined, { numeric: true });
const titles = new Map(data.kinds.map((kind) => [kind.rule, kind.title]));
const worded = (names) => new Map(names.map((name) => [name, words[name]]));
const choices = {
  verdict: worded([...data.classes, "failed", "unreachable", "skipped"].filter((name) => hosts.some((host) => counts(host, name)))),
  seen: hosts.some((host) => host.unseen) ? new Map([["full", words.seen_in_full], ["part", words.partly_seen]]) : new Map(),
  group: distinct(hosts.flatMap(groupsOf)), series: distinct(hosts.map((host) => host.series)),
  rule: new Map([...titles].sort().map(([rule, title]) => [rule, rule + ": " + title])),
  change: data.compared ? worded(["worse", "new", "unaudited", "fixed", "unchanged"]) : new Map(),
};
const labels = { verdict: words.verdict, seen: words.seen, group: words.group, series: words.kernel, rule: words.rule, change: words.change };
// A filter with nothing to choose between would only stand in the way.
const controls = Object.fromEntries(FILTERS.filter((name) => choices[name].size > 1).map((name) => [name, picker(name)]));
const search = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", maxlength: SEARCH_LIMIT });
const clear = make("button", { type: "button", id: "clear" }, words.clear);
const previous = make("button", { type: "button", id: "previous" }, words.previous);
const next = make("button", { type: "button", id: "next" }, words.next);
const status = make("span", { role: "status", id: "status" });
const pager = make("span", { class: "pager" }, previous, next);
const body = make("tbody");
let warm;

search.addEventListener("input", () => change({ search: search.value }, state.search !== ""));
clear.addEventListener("click", () => {
  change({ search: "", filter: Object.fromEntries(FILTERS.map((name) => [name, ""])) });
  search.focus(); // the button is nothing to press any more
});
previous.addEventListener("click", () => turn(-1));
next.addEventListener("click", () => turn(1));
for (const link of document.querySelectorAll("a[data-filter]")) {
  link.href = "#" + new URLSearchParams([[link.dataset.filter, link.dataset.value]]);
  link.addEventListener("click", () => document.getElementById("hosts").scrollIntoView());
}
window.addEventListener("hashchange", () => {
  if (location.hash.length < 2 || location.hash.includes("=")) arrive(); // or it is a place on the page
});
// "/" searches; the arrows go from host to host.
document.addEventListener("keydown", (event) => {
  const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    search.focus();
  } else if (event.target.classList && event.target.classList.contains("open") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const buttons = [...body.querySelectorAll("button.open")];
    const to = buttons[buttons.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    if (to) to.focus();
  }
});

const heads = columns.map(([name]) => {
  const button = make("button", { type: "button", id: "sort-" + name }, words[name]);
  button.addEventListener("click", () => change({ down: state.sort === name && !state.down, sort: name }));
  return make("th", { scope: "col", class: "c-" + name, "aria-sort": "none" }, button);
});
document.getElementById("table").replaceChildren(
  make("div", { class: "tools", role: "search" }, make("label", null, words.search, search),
    Object.entries(controls).map(([name, control]) => make("label", null, labels[name], control)), clear),
  make("div", { class: "found" }, status, pager),
  make("table", { class: "hosts" }, make("thead", null, make("tr", null, heads)), body),
  make("div", { id: "paper" }));
arrive();
