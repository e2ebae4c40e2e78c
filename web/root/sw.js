// Makes the page work without a network. A version is the page's document with all that it names, whose addresses carry hashes of
// their content: a cache holds one version, whole or not at all, and so nobody is ever served parts of two.
"use strict";
const PREFIX = "roundtrip-";
// Which cache is the whole version that is served without a network.
const CURRENT = "roundtrip";
const POINTER = new URL("current", registration.scope).href;
const BESIDE = ["manifest.webmanifest", "static/icon-192.png", "static/icon-512.png", "static/icon.svg"];

const page = () => new URL("./", registration.scope).href;

/** The addresses that a document names, of our own origin. */
function named(html) {
  const found = [...html.matchAll(/\s(?:href|src|data-js|data-wasm)="([^"]+)"/g)].map(([, address]) => new URL(address, page()));
  return found.filter((address) => address.href.startsWith(registration.scope)).map((address) => address.href);
}

async function digest(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function current() {
  const pointer = await (await caches.open(CURRENT)).match(POINTER);
  return pointer?.text();
}

/** Keeps the version that this document belongs to, and then, all of it being there, makes it the one that is served. */
async function keep(html) {
  const name = PREFIX + (await digest(html));
  const before = await current();
  if (name === before) return;
  const cache = await caches.open(name);
  const wanted = [...new Set([...named(html), ...BESIDE.map((address) => new URL(address, page()).href)])];
  try {
    await Promise.all(
      wanted.map(async (address) => {
        if (await cache.match(address)) return;
        const response = await fetch(address, { cache: "no-cache" });
        if (!response.ok) throw new Error(`${address}: ${response.status}`);
        await cache.put(address, response);
      }),
    );
    await cache.put(page(), new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  await (await caches.open(CURRENT)).put(POINTER, new Response(name));
  // The one before stays for pages that are still open.
  for (const other of await caches.keys()) {
    if (other.startsWith(PREFIX) && other !== name && other !== before) await caches.delete(other);
  }
}

async function document(event) {
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(response.clone().text().then(keep).catch(() => {}));
    return response;
  } catch (error) {
    const name = await current();
    const kept = name && (await (await caches.open(name)).match(page()));
    if (kept) return kept;
    throw error;
  }
}

/** What is kept is exactly what is asked for: its address has a hash of it, or it belongs to no version. */
async function part(request) {
  const name = await current();
  const kept = name && (await (await caches.open(name)).match(request.url));
  return kept ?? (await caches.match(request.url)) ?? fetch(request);
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(fetch(page(), { cache: "no-cache" }).then((response) => response.text()).then(keep));
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  const { pathname } = new URL(request.url);
  const own = new URL(registration.scope).pathname;
  if (request.mode === "navigate") {
    if (pathname === own || pathname === `${own}index.html`) event.respondWith(document(event));
    return;
  }
  // The page's own parts alone: other pages of the site ask the network.
  const hashed = /-[0-9a-f]{8,}(_bg)?\.(js|wasm|css|svg)$/.test(pathname) || /static\/(start\.js|icon)/.test(pathname) || pathname.endsWith("manifest.webmanifest");
  if (hashed) event.respondWith(part(request));
});
