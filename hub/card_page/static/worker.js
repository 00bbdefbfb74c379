"use strict";
// Keeps the page for when there is no network. What the hub is asked goes past it, and is kept nowhere.

const KEPT = "card-EDITION";
const PATHS = FILES;

self.addEventListener("install", (event) => {
  const requests = PATHS.map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = (names) => names.filter((name) => name.startsWith("card-") && name !== KEPT);
  const forget = caches.keys().then((names) => Promise.all(others(names).map((name) => caches.delete(name))));
  event.waitUntil(forget.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin || !PATHS.includes(pathname)) return;
  event.respondWith(caches.match(pathname, { cacheName: KEPT }).then((kept) => kept ?? fetch(event.request)));
});
