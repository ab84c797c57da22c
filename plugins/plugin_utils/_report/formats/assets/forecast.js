
// What TIME_WAIT will cost once tcp_tw_recycle is off: port use against capacity, drawn by destination.
const OUTLOOKS = { safe: "clean", tight: "latent", exhausted: "exposed", unknown: "unknown" };
const TIGHT = 0.5, EXHAUSTED = 0.8, BAR = 240;

function outlook(verdict) {
  return badge(OUTLOOKS[verdict] || "unknown", words["outlook_" + verdict] || verdict);
}

function forecast(found) {
  const capacity = found.capacity || {};
  const planned = found.planned;
  const held = capacity.held_s !== undefined ? say("seconds", { seconds: capacity.held_s }) + (capacity.reuse ? " (tcp_tw_reuse: " + capacity.reuse + ")" : "") : null;
  return [make("h3", null, words.forecast + " ", outlook(found.verdict)), make("p", null, found.summary),
    facts([[words.decision, words["decision_" + found.decision] || found.decision], [words.namespace, found.namespace],
      [words.usable_ports, capacity.usable_ports === undefined ? null : String(capacity.usable_ports)], [words.held, held],
      [words.sustainable, limit(capacity.sustainable_per_s)]]),
    ...destinations(found, planned),
    planned ? [make("h4", null, words.planned + " ", outlook(planned.verdict)), make("p", null, planned.summary), settings(planned.settings)] : "",
    (found.remedies || []).length ? [make("h4", null, words.remedies), make("ol", null, found.remedies.map(remedy))] : "",
    (found.never || []).length ? [make("h4", null, words.never), make("ul", null, found.never.map((each) => make("li", null, make("code", null, each.what), ": " + each.why)))] : ""];
}

function limit(perSecond) {
  return perSecond === null || perSecond === undefined ? null : perSecond.toFixed(0) + " " + words.per_second;
}

function settings(values) {
  const lines = Object.entries(values || {}).map(([key, value]) => key + " = " + value);
  return lines.length ? make("pre", null, lines.join("\n")) : "";
}

function remedy(each) {
  const more = [each.allowed ? "" : words.by_hand + (each.why_not ? ": " + each.why_not : ""), limit(each.sustainable_per_s)].filter(Boolean);
  return make("li", null, each.text + (more.length ? " (" + more.join("; ") + ")" : ""), settings(each.settings));
}

function load(loads) {
  return (loads && (loads.highest || loads.present)) || {};
}

function destinations(found, planned) {
  const rows = load(found.loads).destinations || [];
  if (!rows.length) return [];
  const after = new Map((planned ? load(planned.loads).destinations || [] : []).map((row) => [called(row), row]));
  const widest = Math.max(1, ...rows.map((row) => row.share || 0), ...[...after.values()].map((row) => row.share || 0));
  const lines = rows.flatMap((row) => [
    line(called(row), row, found.capacity, widest, planned ? words.now : null, row.exhausted_after_s),
    after.has(called(row)) ? line("", after.get(called(row)), planned.capacity, widest, words.then, null) : null]).filter(Boolean);
  const names = ["destination", "ports_needed", "connects", "full_after"];
  return [make("table", { class: "ports" }, make("caption", null, words.ports_by_destination),
    make("thead", null, make("tr", null, names.map((name) => make("th", { scope: "col" }, words[name])))), make("tbody", null, lines))];
}

function called(row) {
  const remote = (row.remote || "").includes(":") ? "[" + row.remote + "]" : row.remote;
  return (row.local ? row.local + " \u2192 " : "") + remote + ":" + row.remote_port;
}

function line(name, row, capacity, widest, when, after) {
  const usable = capacity && capacity.usable_ports;
  const needed = String(row.ports) + (usable ? " / " + usable : "") + (row.share === null || row.share === undefined ? "" : " (" + (100 * row.share).toFixed(0) + " %)");
  return make("tr", null, make(name ? "th" : "td", name ? { scope: "row" } : null, name),
    make("td", null, row.share === null || row.share === undefined ? null : portBar(row.share, widest), make("span", null, (when ? when + ": " : "") + needed)),
    make("td", null, limit(row.per_s) || ""), make("td", null, after === null || after === undefined ? "" : say("seconds", { seconds: Math.round(after) })));
}

// The bar, the capacity (a frame), and marks where it gets tight and where ports run out.
function portBar(share, widest) {
  const scale = BAR / widest;
  const kind = share >= EXHAUSTED ? "exposed" : share >= TIGHT ? "latent" : "clean";
  const mark = (at) => draw("line", { class: "mark", x1: (at * scale).toFixed(1), x2: (at * scale).toFixed(1), y1: 0, y2: 14 });
  return draw("svg", { viewBox: "0 0 " + (BAR + 2) + " 14", width: BAR + 2, height: 14, "aria-hidden": "true" },
    draw("rect", { class: "frame", x: 0.5, y: 0.5, width: scale.toFixed(1), height: 13 }),
    draw("rect", { class: "f-" + kind, y: 2, width: Math.max(1, share * scale).toFixed(1), height: 10 }), mark(TIGHT), mark(EXHAUSTED));
}
