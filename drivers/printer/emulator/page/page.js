"use strict";
// Asks for the state twice a second, shows what changed, and passes the buttons' orders on.
const POLL_MS = 500;
const seen = new Map();

document.documentElement.lang = navigator.language.startsWith("ru") ? "ru" : "en";
document.querySelector("#language").addEventListener("click", () => {
  const html = document.documentElement;
  html.lang = html.lang === "ru" ? "en" : "ru";
});

for (const button of document.querySelectorAll("button[data-order]")) {
  button.addEventListener("click", async () => {
    const box = button.closest(".printer");
    box.querySelector(".refused").textContent = await refusal(box.dataset.number, button.dataset.order);
    await refresh();
  });
}

async function refusal(number, order) {
  try {
    const answer = await fetch(`printers/${number}/order`, { method: "POST", body: order });
    const text = await answer.text();
    return answer.ok ? "" : text.startsWith("{") ? JSON.parse(text).error : text;
  } catch {
    return ""; /* the printer is gone, which refresh() shows */
  }
}

function worded(value) {
  const word = document.querySelector(`template[data-word="${CSS.escape(value)}"]`);
  return word === null ? value : word.content.cloneNode(true);
}

function show(printer) {
  const box = document.querySelector(`.printer[data-number="${printer.number}"]`);
  for (const [name, value] of Object.entries(printer.state)) {
    const cell = box.querySelector(`[data-state="${name}"]`);
    if (cell === null) continue;
    cell.textContent = typeof value === "boolean" ? (value ? "●" : "–") : String(value);
    cell.classList.toggle("bad", value === true);
  }
  const rows = printer.ledger.map((piece) => {
    const row = document.createElement("tr");
    for (const name of ["piece", "receipt", "state", "cause", "job", "same_as"]) {
      const value = String(piece[name] ?? "");
      row.insertCell().append(name === "state" || name === "cause" ? worded(value) : value);
    }
    return row;
  });
  box.querySelector("tbody").replaceChildren(...rows);
  if (seen.get(printer.number) !== printer.version) {
    seen.set(printer.number, printer.version);
    const paper = box.querySelector("img");
    paper.src = `printers/${printer.number}/paper.png?v=${encodeURIComponent(printer.version)}`;
    paper.alt = printer.text;
  }
}

async function refresh() {
  try {
    const answer = await fetch("state.json", { cache: "no-store" });
    for (const printer of (await answer.json()).printers) show(printer);
    document.body.classList.remove("gone");
  } catch {
    document.body.classList.add("gone");
  }
}

async function poll() {
  await refresh();
  setTimeout(poll, POLL_MS);
}
poll();
