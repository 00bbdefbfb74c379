"use strict";
// Without a network: the first page and the one of coupons as they were last, with their hour, and for all else a page
// that says so. What is kept is of whoever is signed in now, and of nobody else; after signing out nothing is.

const STILL = "files-EDITION";
const PATHS = FILES;
const KEPT = "kept";
const SHOWN = ["/", "/coupons"]; // pages that are shown at a till
const NO_NETWORK = "/no-network";
const OUT = "/sign-out";
const A_DAY = 86_400_000; // milliseconds
const KEPT_DAYS = 30; // as long as a session lives that nobody uses

self.addEventListener("install", (event) => {
  const requests = PATHS.map((path) => new Request(path, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(STILL).then((cache) => cache.addAll(requests)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = (names) => names.filter((name) => name.startsWith("files-") && name !== STILL);
  const forget = caches.keys().then((names) => Promise.all(others(names).map((name) => caches.delete(name))));
  event.waitUntil(forget.then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  const { language, whose } = event.data;
  const mine = whose ? forgetOthers(whose) : Promise.resolve(); // a page that was loaded past the worker
  event.waitUntil(mine.then(() => keepNoNetwork(language)).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request, pathname));
  else if (event.request.method === "GET" && PATHS.includes(pathname)) event.respondWith(file(event.request, pathname));
});

async function file(request, pathname) {
  return (await caches.match(pathname, { cacheName: STILL })) ?? fetch(request);
}

async function page(request, pathname) {
  const isShown = request.method === "GET" && SHOWN.includes(pathname);
  let answer;
  try {
    answer = await fetch(request);
  } catch {
    return (isShown && (await keptPage(pathname))) || noNetwork();
  }
  if (answer.status >= 500) return (isShown && (await keptPage(pathname))) || answer;
  await keepOrForget(answer, isShown, pathname);
  return answer;
}

/** A way elsewhere says nothing of whose it is, and the page that it leads to does. */
async function keepOrForget(answer, isShown, pathname) {
  if (pathname === OUT) return forget();
  if (answer.type === "opaqueredirect") return;
  const whose = answer.headers.get("Whose") ?? "";
  const cache = await forgetOthers(whose);
  if (isShown && whose && answer.ok && !answer.redirected) await cache.put(pathname, answer.clone());
}

async function forgetOthers(whose) {
  const cache = await caches.open(KEPT);
  for (const path of SHOWN) {
    const before = await cache.match(path);
    if (before && before.headers.get("Whose") !== whose) await cache.delete(path);
  }
  return cache;
}

async function forget() {
  const cache = await caches.open(KEPT);
  await Promise.all(SHOWN.map((path) => cache.delete(path)));
}

/** Marked, so that it says its hour. */
async function keptPage(pathname) {
  const kept = await caches.match(pathname, { cacheName: KEPT });
  if (!kept || age(kept) > KEPT_DAYS * A_DAY) return undefined;
  const text = (await kept.text()).replace("<html ", "<html data-kept ");
  return new Response(text, { headers: kept.headers });
}

async function noNetwork() {
  const kept = await caches.match(NO_NETWORK, { cacheName: KEPT });
  return kept ?? new Response("Нет сети. No network.", { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } });
}

/** As nobody in particular sees it, in the language of whoever is here. */
async function keepNoNetwork(language) {
  const cache = await caches.open(KEPT);
  const address = `${NO_NETWORK}?lang=${language}`;
  const there = await cache.match(NO_NETWORK);
  if (there?.url.endsWith(address) && age(there) < A_DAY) return;
  const answer = await fetch(address, { credentials: "omit" });
  if (answer.ok) await cache.put(NO_NETWORK, answer);
}

function age(answer) {
  return Date.now() - Date.parse(answer.headers.get("Date"));
}
