
// What is seen of a host once it is opened: packed in parts, each unpacked when one of its hosts is asked for.
const parts = new Map();

// Settled once the details of these hosts are there, or cannot be had: then host.detail says which.
function details(asked) {
  const numbers = new Set(asked.filter((host) => host.detail === undefined).map((host) => Math.floor(host.place / data.part)));
  return Promise.all([...numbers].map((number) => {
    if (!parts.has(number)) parts.set(number, unpack(number));
    return parts.get(number);
  }));
}

async function unpack(number) {
  const from = number * data.part, members = hosts.slice(from, from + data.part);
  try {
    const bytes = Uint8Array.from(atob(data.details[number]), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const found = JSON.parse(await new Response(stream).text());
    members.forEach((host, place) => { host.detail = found[place]; });
  } catch (error) { // an older browser has no such stream
    for (const host of members) host.detail = null;
  }
}
