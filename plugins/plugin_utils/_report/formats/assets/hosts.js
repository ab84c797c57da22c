
// The table of hosts. Only one page of rows is ever in the document, whatever the size of the fleet.
const PAGE = 100, PRINTED = 200;
const rank = Object.fromEntries(data.classes.map((name, place) => [name, place]));
const hosts = data.hosts.map((host, place) => ({ ...host, place: place, text: searched(host), rules: new Set((host.findings || []).map((finding) => data.kinds[finding.k].rule)) }));
const columns = [
  ["host", (host) => host.name], ["verdict", (host) => rank[host.verdict]], ["kernel", (host) => host.kernel || ""],
  ["groups", (host) => (host.groups || []).join(" ")], ["findings", (host) => (host.findings || []).length],
  ...(data.compared ? [["change", (host) => (host.change || {}).change || ""]] : []), ["matters", (host) => host.reason || host.summary || ""]];
const state = { sort: "verdict", down: false, page: 0, open: new Set(), filter: { verdict: "", seen: "", group: "", series: "", rule: "", change: "" }, search: "" };
let matching = hosts;

function searched(host) {
  const titles = (host.findings || []).map((finding) => data.kinds[finding.k]).map((kind) => kind.rule + " " + kind.title);
  const files = (host.findings || []).flatMap((finding) => finding.places || []).map((place) => place[0]);
  return [host.name, host.status, host.verdict, words[host.verdict], host.unseen, host.kernel, host.summary, host.reason, ...(host.groups || []), ...titles, ...files].join("\n").toLowerCase();
}

function sight(host) {
  return host.status !== "ok" ? "none" : host.unseen ? "part" : "full";
}

function chosen() {
  const { verdict, seen, group, series, rule, change } = state.filter;
  const needles = state.search.toLowerCase().split(/\s+/).filter(Boolean);
  const key = columns.find(([name]) => name === state.sort)[1];
  const collator = new Intl.Collator(undefined, { numeric: true });
  const order = (one, other) => (typeof one === "number" ? one - other : collator.compare(one, other));
  const kept = hosts.filter((host) => (!verdict || host.verdict === verdict || host.status === verdict) && (!seen || seen === sight(host)) && (!group || (host.groups || ["ungrouped"]).includes(group)) &&
    (!series || host.series === series) && (!rule || host.rules.has(rule)) && (!change || (host.change || {}).change === change) && needles.every((needle) => host.text.includes(needle)));
  const keyed = kept.map((host) => [key(host), host]);
  keyed.sort(([one, a], [other, b]) => (state.down ? -order(one, other) : order(one, other)) || a.place - b.place);
  return keyed.map(([, host]) => host);
}

function row(host, open) {
  const id = "detail" + host.place;
  const button = make("button", { type: "button", class: "open", "aria-expanded": String(open), "aria-controls": open ? id : null }, host.name);
  button.addEventListener("click", () => toggle(host));
  const cells = {
    verdict: classed(host), kernel: host.kernel || "", groups: (host.groups || []).join(", "),
    findings: String((host.findings || []).length), matters: host.reason || host.summary || "", change: host.change ? changed(host) : "" };
  const first = make("tr", { id: "row" + host.place },
    columns.map(([name]) => name === "host" ? make("th", { scope: "row", class: "c-host" }, button) : make("td", { class: "c-" + name }, cells[name])));
  return open ? [first, make("tr", { class: "opened" }, make("td", { class: "detail", id: id, colspan: columns.length }, detail(host)))] : [first];
}

function toggle(host) {
  if (!state.open.delete(host.place)) state.open.add(host.place);
  fill();
  document.querySelector("#row" + host.place + " button").focus();
}

// all: for paper, where there are no pages and the worst hosts are shown in full.
function fill(all) {
  const from = all ? 0 : state.page * PAGE, to = all ? matching.length : Math.min(from + PAGE, matching.length);
  const shown = matching.slice(from, to);
  body.replaceChildren(...shown.flatMap((host, place) => row(host, state.open.has(host.place) || Boolean(all && place < PRINTED && host.verdict !== "clean"))));
  status.textContent = matching.length ? say("shown", { from: from + 1, to: to, count: matching.length }) : words.no_match;
  previous.disabled = state.page === 0;
  next.disabled = to >= matching.length;
}

function refresh() {
  state.page = 0;
  matching = chosen();
  for (const [name] of columns) {
    document.getElementById("sort-" + name).parentNode.setAttribute("aria-sort", name !== state.sort ? "none" : state.down ? "descending" : "ascending");
  }
  for (const [name, control] of Object.entries(controls)) control.value = state.filter[name];
  fill();
}

function sort(name) {
  state.down = state.sort === name && !state.down;
  state.sort = name;
  refresh();
}

function turn(by) {
  state.page += by;
  fill();
  document.getElementById("hosts").scrollIntoView();
}

function picker(name, label, options) {
  const control = make("select", { id: "filter-" + name }, make("option", { value: "" }, words.all),
    options.map(([value, text]) => make("option", { value: value }, text)));
  control.addEventListener("change", () => { state.filter[name] = control.value; refresh(); });
  return control;
}

function distinct(values) {
  return [...new Set(values)].sort(new Intl.Collator(undefined, { numeric: true }).compare).map((value) => [value, value]);
}

const titles = new Map(data.kinds.map((kind) => [kind.rule, kind.title]));
const controls = {
  verdict: picker("verdict", "verdict", [...data.classes, "failed", "unreachable", "skipped"].filter((name) => hosts.some((host) => host.verdict === name || host.status === name)).map((name) => [name, words[name]])),
  seen: picker("seen", "seen", [["full", words.seen_in_full], ["part", words.partly_seen]]),
  group: picker("group", "group", distinct(hosts.flatMap((host) => host.groups || ["ungrouped"]))),
  series: picker("series", "kernel", distinct(hosts.map((host) => host.series))),
  rule: picker("rule", "rule", [...titles].sort().map(([rule, title]) => [rule, rule + ": " + title])),
  change: picker("change", "change", ["worse", "new", "unaudited", "fixed", "unchanged"].map((name) => [name, words[name]])),
};
const labels = { verdict: words.verdict, seen: words.seen, group: words.group, series: words.kernel, rule: words.rule, change: words.change };
const search = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
const clear = make("button", { type: "button", id: "clear" }, words.clear);
const previous = make("button", { type: "button", id: "previous" }, words.previous);
const next = make("button", { type: "button", id: "next" }, words.next);
const status = make("span", { role: "status", id: "status" });
const body = make("tbody");

search.addEventListener("input", () => { state.search = search.value; refresh(); });
clear.addEventListener("click", () => {
  for (const name of Object.keys(state.filter)) state.filter[name] = "";
  state.search = search.value = "";
  refresh();
});
previous.addEventListener("click", () => turn(-1));
next.addEventListener("click", () => turn(1));
for (const link of document.querySelectorAll("a[data-filter]")) {
  link.addEventListener("click", () => {
    for (const name of Object.keys(state.filter)) state.filter[name] = "";
    state.filter[link.dataset.filter] = link.dataset.value;
    refresh();
  });
}
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
// Paper shows everything, also what is closed on the screen.
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const part of closed) part.open = true;
  fill(true);
});
window.addEventListener("afterprint", () => {
  for (const part of closed) part.open = false;
  fill();
});

const heads = columns.map(([name]) => {
  const button = make("button", { type: "button", id: "sort-" + name }, words[name]);
  button.addEventListener("click", () => sort(name));
  return make("th", { scope: "col", class: "c-" + name, "aria-sort": "none" }, button);
});
document.getElementById("table").replaceChildren(
  make("div", { class: "tools", role: "search" }, make("label", null, words.search, search),
    Object.entries(controls).filter(([name]) => (name !== "change" || data.compared) && (name !== "seen" || hosts.some((host) => host.unseen))).map(([name, control]) => make("label", null, labels[name], control)), clear),
  make("div", { class: "tools pages" }, status, previous, next),
  make("table", { class: "hosts" }, make("thead", null, make("tr", null, heads)), body));
refresh();
