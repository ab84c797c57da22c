
// Paper: no pages to turn, nothing to open. Each rule stands once with its hosts and what was seen on them, hosts of which
// the same was seen in one line; the first hosts, and those that are open, in full; clean ones by name.
const IN_FULL = 3, LINES = 750, TOLD = 120;

// The hosts that paper shows in full or by what was seen on them: their details are unpacked before anybody prints.
function printed() {
  return matching.filter((host) => state.open.has(host.place) || host.kinds.length).slice(0, LINES);
}

function paper() {
  const whole = wholes(), left = { lines: LINES };
  const clean = matching.filter((host) => host.status === "ok" && !host.kinds.length), lost = matching.filter((host) => host.status !== "ok");
  return [chosenNow(), whole.map((host) => make("section", { class: "whole-host" }, make("h3", null, host.name + " ", classed(host)), detail(host))),
    byKind().map(([kind, members]) => onePaper(kind, members, left)), byText(words.not_audited, lost, (host) => words[host.status] + ": " + matter(host)),
    byText(words.nothing_found, clean, (host) => (host.unseen ? say("partly", { verdict: words[host.verdict], unseen: host.unseen }) : words[host.verdict]))].flat();
}

function wholes() {
  const open = matching.filter((host) => host.detail && state.open.has(host.place));
  return open.length ? open : matching.filter((host) => host.detail && host.found.length).slice(0, IN_FULL);
}

// What the table was narrowed to.
function chosenNow() {
  const said = [state.search, ...FILTERS.filter((name) => state.filter[name]).map((name) => labels[name] + ": " + choices[name].get(state.filter[name]))].filter(Boolean);
  return make("p", null, numbered() + (said.length ? " (" + said.join(", ") + ")" : ""));
}

// The kinds of findings, the worst first, with the hosts that have them.
function byKind() {
  const found = new Map();
  for (const host of matching) for (const kind of host.kinds) gather(found, kind, host);
  return [...found].sort(([one], [other]) => rank[one.class] - rank[other.class]);
}

function onePaper(kind, members, left) {
  const lines = new Map(), named = [];
  for (const host of members) {
    const text = host.detail ? evidenceLine(kind, host) : null;
    if (text && (lines.has(text) || left.lines-- > 0)) gather(lines, text, host.name);
    else named.push(host.name);
  }
  return make("section", { class: "finding s-" + kind.class },
    make("h3", null, kind.title + " ", badge(kind.class, words[kind.class]), " " + (members.length === 1 ? words.one_host : say("n_hosts", { count: members.length }))),
    make("p", null, kind.why || ""), kind.fix && kind.fix.text ? make("p", null, make("b", null, words.fix + ": "), kind.fix.text) : null,
    make("ul", { class: "paper" }, [...lines].map(([text, names]) => make("li", null, make("b", null, names.join(", ")), " " + text)),
      named.length ? make("li", { class: "names" }, named.join(", ")) : null));
}

// What a rule saw on a host, short enough for a line or two.
function evidenceLine(kind, host) {
  const all = (host.detail.findings || []).filter((finding) => data.kinds[finding.k] === kind);
  const texts = all.map((finding) => {
    const places = (finding.places || []).map(([file, line, value]) => file + (line ? ":" + line : "") + (value === null ? "" : " = " + value));
    const seen = evidenceOf(finding).map(([name, value]) => name + " " + told(value));
    return [finding.waived ? words.waived + ": " + finding.waived.reason : "", ...places, ...seen].filter(Boolean).join("; ");
  });
  const text = [...new Set(texts)].join(" | ");
  return text.length > TOLD ? text.slice(0, TOLD - 3) + "..." : text;
}

// Hosts by name, those together of which the same is said.
function byText(title, members, said) {
  const groups = new Map();
  for (const host of members) gather(groups, said(host), host.name);
  return members.length ? [make("h3", null, title), make("ul", { class: "paper" }, [...groups].map(([text, names]) => make("li", { class: "names" }, make("b", null, text + ": "), names.join(", "))))] : [];
}

let closed = [];
window.addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const part of closed) part.open = true;
  document.getElementById("paper").replaceChildren(...paper());
});
window.addEventListener("afterprint", () => {
  for (const part of closed) part.open = false;
  document.getElementById("paper").replaceChildren();
});
