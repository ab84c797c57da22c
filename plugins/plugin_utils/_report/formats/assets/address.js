
// What the reader has chosen stands in the address: it can be sent, kept and gone back to.
const FILTERS = ["verdict", "seen", "group", "series", "rule", "change"];
const SEARCH_LIMIT = 200;
const state = { open: new Set() };

function address() {
  const said = new URLSearchParams();
  if (state.search) said.append("search", state.search);
  for (const name of FILTERS) if (state.filter[name]) said.append(name, state.filter[name]);
  if (state.sort !== "verdict" || state.down) said.append("sort", (state.down ? "-" : "") + state.sort);
  if (state.page) said.append("page", String(state.page + 1));
  for (const place of state.open) said.append("host", hosts[place].name);
  return said.toString();
}

// What an address asks for; what it cannot mean is left out. choices: by filter, what may be chosen.
function recall(said, sorts, choices) {
  const given = new URLSearchParams(said);
  const sort = (given.get("sort") || "").replace(/^-/, "");
  state.search = (given.get("search") || "").slice(0, SEARCH_LIMIT);
  state.filter = Object.fromEntries(FILTERS.map((name) => [name, choices[name].has(given.get(name)) ? given.get(name) : ""]));
  state.sort = sorts.includes(sort) ? sort : "verdict";
  state.down = sorts.includes(sort) && given.get("sort").startsWith("-");
  state.page = Math.max(0, Math.floor(Number(given.get("page")) || 1) - 1);
  state.open = new Set(given.getAll("host").map((name) => hosts.findIndex((host) => host.name === name)).filter((place) => place >= 0));
}

// A step that the back button undoes; typing is one step, however long it is.
function remember(typing) {
  const now = "#" + address();
  if (now !== (location.hash || "#")) history[typing ? "replaceState" : "pushState"](null, "", now);
}
