
// The part of the page about one host.
function detail(host) {
  return about({ ...host, ...host.detail });
}

function about(host) {
  const parts = [make("p", null, host.reason || host.summary || "")];
  if (host.reason && host.status === "ok") parts.unshift(make("p", null, host.summary || ""));
  const when = host.observed ? new Date(host.observed * 1000).toISOString().replace("T", " ").slice(0, 19) + " UTC" : null;
  parts.push(facts([
    [words.exposure, host.status === "ok" ? named(host.exposure) : null], [words.evidence, host.status === "ok" ? named(host.evidence) : null],
    [words.kernel, host.kernel], [words.profile, host.profile], [words.observed, when], ...within(host.cluster || {}), ...hit(host.impact || {}),
    [words.change, host.change ? changed(host) : null],
  ]));
  parts.push(...commands(host));
  for (const [number, same] of kinds(host.findings || [])) parts.push(found(data.kinds[number], same, host));
  if (host.namespaces) parts.push(...namespaces(host.namespaces));
  if (host.unavailable) {
    parts.push(make("h3", null, words.unavailable), facts(Object.entries(host.unavailable)));
  }
  if (host.forecast) parts.push(...forecast(host.forecast));
  if (host.remediation) parts.push(...remediated(host.remediation, host));
  parts.push(make("p", { class: "link" }, make("a", { href: "#" + new URLSearchParams([["host", host.name]]) }, words.link)));
  return parts.flat(Infinity);
}

// How Services work on a node of a cluster, and which pods are behind its SNAT.
function within(cluster) {
  const { kube_proxy, behind_snat } = cluster;
  return [["kube-proxy", kube_proxy ? kube_proxy.mode : null],
    [words.behind_snat, behind_snat ? behind_snat.number + " (" + behind_snat.by.join(", ") + "): " + behind_snat.names.join(", ") : null]];
}

// The word for a state of exposure or evidence.
function named(state) {
  return words["is_" + state] || words[state] || state;
}

// Who is hit, a line for each kind.
function hit(impact) {
  return ["containers", "namespaces", "listeners", "peers"].filter((kind) => (impact[kind] || []).length).map((kind) => [
    words["hit_" + kind], impact[kind].map((each) => make("div", null, kind === "containers" ? boxed(each) : told(each)))]);
}

function boxed(container) {
  const { pod } = container;
  const of = pod ? pod.namespace + "/" + pod.name : container.pod_uid;
  const more = [container.runtime, of ? "pod " + of : null, pod && pod.owner, ...(pod ? pod.containers : [])].filter(Boolean).join(", ");
  return (container.id || "?") + (more ? " (" + more + ")" : "");
}

function changed(host) {
  const { was, rules } = host.change;
  const more = [was && was !== host.verdict ? say("was", { verdict: words[was] }) : "", (rules || []).join(", ")].filter(Boolean);
  return words[host.change.change] + (more.length ? " (" + more.join("; ") + ")" : "");
}

// Findings by their rule's number, in their order; waived ones after those that count.
function kinds(findings) {
  const groups = new Map();
  for (const finding of [...findings.filter((each) => !each.waived), ...findings.filter((each) => each.waived)]) {
    const name = finding.k + (finding.waived ? " waived" : "");
    gather(groups, name, finding);
  }
  return [...groups.values()].map((same) => [same[0].k, same]);
}

// What a rule found: what it means and what mends it once, then each place where it found it.
function found(kind, same, host) {
  const { waived } = same[0];
  return make("section", { class: "finding s-" + kind.class + (waived ? " waived" : "") },
    make("h3", null, kind.title + " ", badge(kind.class, words[kind.class]), waived ? [" ", make("span", { class: "badge part v-clean" }, words.waived)] : "", same.some((each) => each.active) ? " " + words.active : ""),
    make("p", { class: "dim" }, kind.rule + ", " + words.severity + " " + words[kind.severity]),
    waived ? make("p", null, words.waived + ": " + waived.reason + (waived.expires ? " (" + say("until", { date: waived.expires }) + ")" : "")) : null,
    make("div", { class: "sides" },
      make("div", null,
        kind.why ? [make("h4", null, words.why), make("p", null, kind.why)] : null,
        kind.fix && kind.fix.text ? [make("h4", null, words.fix), make("p", null, kind.fix.text)] : null),
      make("div", null, same.map((finding) => seenIn(finding, host)))),
    kind.references ? make("p", { class: "dim" }, words.references + ": " + kind.references.join("; ")) : null);
}

// Where a finding was found, what was seen there, and what sets it.
function seenIn(finding, host) {
  const places = (finding.places || []).map(([file, line, value]) =>
    [make("code", null, file + (line ? ":" + line : "")), value === null ? "" : make("code", null, value)]);
  const evidence = evidenceOf(finding);
  return [make("h4", null, finding.namespaces.map((id) => whereabouts(id, host)).join(", ")),
    evidence.length ? facts(evidence.map(([name, value]) => [name, told(value)])) : null,
    places.length ? grid(["sets", "value"], places) : null];
}

// What was seen, but for the files and lines that stand in a table of their own.
function evidenceOf(finding) {
  return Object.entries(finding.evidence || {}).filter(([name]) => !finding.places || !["lines", "writers", "decided_by"].includes(name));
}

// A network namespace in the words of the audit: its container where it is one.
function whereabouts(id, host) {
  if (!id) return words.node;
  if (!host.namespaces || id === "host") return words.node_itself;
  const entry = host.namespaces.find((each) => each.id === id);
  return entry && entry.container ? words.container + " " + boxed(entry.container) : entry && entry.kind === "host" ? words.node_itself : id;
}

function namespaces(list) {
  const rows = list.map((entry) => [
    entry.kind + (entry.id ? " " + entry.id : ""), entry.container ? boxed(entry.container) : "", String(entry.count), named(entry.exposure), named(entry.evidence)]);
  const parts = [make("h3", null, words.namespaces), grid(["kind", "container", "count", "exposure", "evidence"], rows)];
  for (const entry of list) {
    if (entry.window && Object.keys(entry.window.rises).length) parts.push(rises(entry));
  }
  return parts.flat(Infinity);
}

// What the counters of a namespace did between two looks, drawn.
function rises(entry) {
  const all = Object.entries(entry.window.rises).sort((one, other) => other[1] - one[1]);
  const most = all[0][1];
  const seconds = entry.window.seconds;
  const rows = all.map(([name, rise]) => make("tr", null,
    make("th", { scope: "row" }, make("code", null, name)),
    make("td", null, draw("svg", { viewBox: "0 0 200 12", width: 200, height: 12, "aria-hidden": "true" },
      draw("rect", { class: "f-rise", width: Math.max(1, 200 * rise / most).toFixed(1), height: 12 }))),
    make("td", null, "+" + rise + " (" + (rise / seconds).toPrecision(3) + " " + words.per_second + ")")));
  const name = (entry.container ? boxed(entry.container) : "") || entry.id || entry.kind;
  return make("table", { class: "rises" }, make("caption", null, say("window", { seconds: seconds }) + ": " + name), make("tbody", null, rows));
}

function remediated(done, host) {
  const head = (words["done_" + done.state] || done.state) + (done.reason ? ": " + done.reason : "");
  const rows = (done.changes || []).map((change) => [
    change.what + " " + change.key, change.file ? change.file + (change.line ? ":" + change.line : "") : change.namespace ? whereabouts(change.namespace, host) : "",
    make("code", null, told(change.before)), make("code", null, told(change.after)), change.reason || ""]);
  return [make("h3", null, words.remediation), make("p", null, head),
    rows.length ? grid(["what", "where", "before", "after", "reason"], rows) : "",
    (done.left || []).length ? facts(done.left.map((entry) => [words.left, entry.rule + ": " + entry.reason])) : ""];
}

// What ends the findings of a host: nothing that would do nothing.
function commands(host) {
  const { fix, lower, undo } = host.commands || {};
  const proposal = host.proposal || {};
  const typed = ([playbook, rest]) => data.commands[playbook] + " " + rest;
  const said = (text, lines) => lines && lines.length ? [make("p", null, text), make("pre", null, lines.join("\n"))] : [];
  const checked = (name, pair) => pair ? [...said(words.check_command, [typed(pair[0])]), ...said(name, [typed(pair[1])])] : [];
  const once = [...new Set((host.findings || []).map((finding) => (finding.waived ? null : finding.command)).filter(Boolean))];
  const undone = host.remediation && host.remediation.undo ? [host.remediation.undo] : (undo || []).map(typed);
  const parts = [
    proposal.why_not && (host.findings || proposal.why_not === "lost") ? [make("p", null, words["no_command_" + proposal.why_not])] : [],
    checked(words.fix_command, fix),
    lower ? [make("h4", null, say("lower_command", { severity: words[proposal.severity] })), ...checked(words.fix_command, lower)] : [],
    said(words.once_command, once), byHand(proposal.by_hand || []), said(words.undo_command, undone)].flat();
  return parts.length ? [make("h3", null, words.commands), ...parts] : [];
}

function byHand(list) {
  const place = (entry) => (entry.file || "?") + (entry.line ? ":" + entry.line : "");
  const lines = list.map((entry) => {
    if (entry.kind === "writer") {
      const more = [entry.by, entry.when ? words["when_" + entry.when] || entry.when : "", entry.via ? say("loaded_by", { place: entry.via }) : ""].filter(Boolean);
      const setting = entry.key + (entry.value === null || entry.value === undefined ? "" : " = " + entry.value);
      return say("hand_writer", { setting: setting, place: place(entry) }) + (more.length ? " (" + more.join(", ") + ")" : "");
    }
    if (entry.kind === "container") {
      const named = entry.where || [];
      const where = named.join(", ") + (entry.number > named.length ? ", " + say("others", { count: entry.number - named.length }) : "");
      return say(entry.minimum ? "hand_container_least" : "hand_container", { where: where, key: entry.key, value: entry.value });
    }
    return say("hand_" + entry.kind, { rule: titles.get(entry.rule) || entry.rule });
  });
  return lines.length ? [make("p", null, words.by_hand_only), make("ul", null, lines.map((line) => make("li", null, line)))] : [];
}
