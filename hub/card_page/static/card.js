"use strict";
// A member's card on his phone. The key is made here and cannot be taken out; it lies in this browser's IndexedDB with
// the hub's certificate, and all of it is shown without a network.

const RENEWED_AFTER_MS = 7 * 24 * 3600 * 1000;
const TICK_MS = 250;
const WORDS = JSON.parse(document.body.dataset.words);
const at = (id) => document.getElementById(id);

let card = null; // what is kept: keys, phone, card, programme, certificate, until, made, offset, clockAt, gone
let chosen = null;
let drawn = null; // the slot that is on the screen
let note = ""; // a word
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("ru") ? "ru" : "en");

function say(word, facts = {}) {
  const text = WORDS[word][language === "ru" ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

// what is kept

function store(mode, use) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("pos-card", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("cards");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const doing = database.transaction("cards", mode);
      const asked = use(doing.objectStore("cards"));
      doing.oncomplete = () => {
        database.close();
        resolve(asked.result);
      };
      doing.onabort = () => reject(doing.error);
    };
  });
}

const kept = () => store("readonly", (cards) => cards.get("mine"));
const keep = () => store("readwrite", (cards) => cards.put(card, "mine"));

// the hub

async function ask(path, body) {
  const asked = Date.now();
  const answer = await fetch(`/card/api/${path}`, {
    method: body ? "POST" : "GET",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
    cache: "no-store",
  });
  const told = await answer.json();
  const answered = Date.now();
  if (told.at) told.offset = Date.parse(told.at) - (asked + answered) / 2;
  return { ok: answer.ok, status: answer.status, told };
}

function hubNow() {
  return Date.now() + (card?.offset ?? 0);
}

function heard(told) {
  card.offset = told.offset;
  card.clockAt = Date.parse(told.at);
}

async function newKeys() {
  try {
    return await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  } catch {
    return null; // an old browser, or a page that is not served safely
  }
}

async function takeLink(link) {
  const taken = await store("readonly", (cards) => cards.get("taking"));
  const keys = taken?.link === link ? taken.keys : await newKeys();
  await store("readwrite", (cards) => cards.put({ link, keys }, "taking")); // an answer that was lost is asked for again
  const key = keys ? hexOf(await crypto.subtle.exportKey("raw", keys.publicKey)) : "";
  const { ok, status, told } = await ask("certify", { link, key, name: phoneName() });
  if (!ok) return status === 404 ? "no_link" : "busy";
  card = { keys, phone: told.phone };
  certified(told);
  await keep();
  await store("readwrite", (cards) => cards.delete("taking"));
  history.replaceState(null, "", "/card/");
  navigator.storage?.persist?.();
  return "";
}

function certified(told) {
  heard(told);
  Object.assign(card, {
    card: told.card,
    programme: told.programme,
    certificate: bytesOf(told.certificate),
    until: told.until ? Date.parse(told.until) : 0,
    made: Date.parse(told.at),
    gone: false,
  });
}

async function refresh() {
  const now = await ask("now");
  if (!now.ok) return;
  heard(now.told);
  if (card.keys && (card.gone || hubNow() - card.made >= RENEWED_AFTER_MS)) await renew();
  await keep();
}

async function renew() {
  const second = Math.floor(hubNow() / 1000);
  const signature = await signed(card.keys.privateKey, RENEWAL_DOMAIN, new TextEncoder().encode(`${card.phone}\n${second}`));
  const { ok, status, told } = await ask("renew", { phone: card.phone, at: second, signature: hexOf(signature) });
  if (ok) certified(told);
  else if (status === 404) card.gone = true;
}

function phoneName() {
  const names = ["iPhone", "iPad", "Android", "Windows", "Mac", "Linux"];
  return names.find((name) => navigator.userAgent.includes(name)) ?? "";
}

// what is seen

function why() {
  if (!card.keys) return "no_key";
  if (card.gone) return "gone";
  return hubNow() >= card.until ? "over" : "";
}

function day(moment) {
  return new Date(moment).toLocaleDateString(language === "ru" ? "ru-RU" : "en-GB");
}

function show() {
  document.documentElement.lang = language;
  at("language").textContent = say("other_language");
  at("language").lang = language === "ru" ? "en" : "ru";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  document.title = card?.programme ?? say("title");
  at("programme").textContent = card?.programme ?? say("title");
  const told = note || (card ? why() : "no_card");
  at("note").hidden = !told;
  at("note").textContent = told ? say(told) : "";
  at("face").hidden = !card;
  if (!card) return;
  const rotates = !why();
  const view = rotates ? (chosen ?? "rotating") : "static";
  at("choose-rotating").disabled = !rotates;
  for (const one of ["rotating", "static"]) {
    at(`choose-${one}`).setAttribute("aria-pressed", String(view === one));
    at(one).hidden = view !== one;
  }
  at("number").textContent = card.card.replace(/(.{4})(?=.)/g, "$1 ");
  at("static-code").setAttribute("aria-label", `${say("static")} ${card.card}`);
  at("rotating-code").setAttribute("aria-label", say("rotating"));
  if (!at("static-code").firstChild) at("static-code").append(numberPicture(card.card));
  const facts = card.until ? [say("until", { day: day(card.until) })] : [];
  if (card.clockAt) facts.push(say("clock", { day: day(card.clockAt) }));
  at("until").textContent = `${facts.join(". ")}${facts.length ? "." : ""}`;
}

async function tick() {
  if (card && !why() && !document.hidden) {
    const now = hubNow();
    const slot = Math.floor(now / SLOT_MS);
    const left = SLOT_MS - (now % SLOT_MS);
    at("left").setAttribute("stroke-dashoffset", String(100 - (100 * left) / SLOT_MS));
    at("seconds").textContent = String(Math.ceil(left / 1000));
    if (slot !== drawn) {
      drawn = slot;
      const text = await rotatingText(card.keys.privateKey, card.certificate, slot);
      if (slot === drawn) at("rotating-code").replaceChildren(qrPicture(text));
      at("rotating-code").dataset.slot = String(slot);
    }
  } else if (card && drawn !== null && why()) {
    drawn = null;
    at("rotating-code").replaceChildren();
    show();
  }
}

async function online() {
  try {
    await refresh();
  } catch {
    // without a network all goes on as it was kept
  }
  show();
}

async function begin() {
  card = (await kept()) ?? null;
  const link = /^#([0-9a-f]{48})$/.exec(location.hash)?.[1];
  if (link || location.hash.length > 1) {
    try {
      note = link ? await takeLink(link) : "no_link";
    } catch {
      note = "no_network";
    }
    at("static-code").replaceChildren();
    drawn = null;
  } else if (card) {
    online();
  }
  show();
  await tick();
  document.body.dataset.ready = "yes";
}

at("language").addEventListener("click", () => {
  language = language === "ru" ? "en" : "ru";
  localStorage.setItem("language", language);
  show();
});
for (const one of ["rotating", "static"]) {
  at(`choose-${one}`).addEventListener("click", () => {
    chosen = one;
    show();
  });
}
addEventListener("hashchange", () => {
  note = "";
  begin();
});
addEventListener("online", () => card && online());
document.addEventListener("visibilitychange", () => {
  drawn = null;
  if (!document.hidden && card) online();
});
navigator.serviceWorker?.register("/card/worker.js", { scope: "/card/" }).catch(() => {});
begin();
setInterval(tick, TICK_MS);
