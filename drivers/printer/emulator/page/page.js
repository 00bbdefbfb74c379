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
    const number = button.closest(".printer").dataset.number;
    await fetch(`printers/${number}/order`, { method: "POST", body: button.dataset.order });
    await refresh();
  });
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
      row.insertCell().textContent = piece[name] ?? "";
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
