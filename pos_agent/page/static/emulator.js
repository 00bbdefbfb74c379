// The emulated till: asks how the devices are, shows it, and passes on what a visitor does to them.
import {fill, language, listen, rubles, send, setup, words} from "./link.js"

const LOOK_MS = 500 // as the printer's own page
const SIDE_MAX = 1280 // pixels: the camera's frame has no more
const JPEG_QUALITIES = [0.85, 0.6, 0.4]
const NEVER_CAME = [400, 401, 403, 413, 500, 503] // statuses
const PICTURE_MAX = 900_000 // characters of base64; the till takes a million with all around them

const at = id => document.getElementById(id)
const show = (element, shown) => { element.hidden = !shown }
const made = (tag, facts = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), facts)
  element.append(...inside)
  return element
}

// what a visitor does

async function order(device, line) {
  const answer = await send("/emulator/order", {device, line})
  told(answer)
  await look()
}

/** A refusal is of the emulator ({"error"}) or of the till (a problem with a text). */
function told(answer) {
  const why = answer.error ?? (answer.ok === false || answer.status ? answer.text : "")
  at("refused").textContent = why ?? ""
  show(at("refused"), Boolean(why))
}

const scan = text => order("scanner", text)
const present = text => order("camera", `!show ${symbology(text)} ${text}`)

/** As such a code is printed on what guests carry. */
function symbology(text) {
  if (/^\d{13}$/.test(text) && isEan(text)) return "ean13"
  if (/^\d{8}$/.test(text) && isEan(text)) return "ean8"
  return /^[\x20-\x7e]{1,24}$/.test(text) ? "code128" : "qr"
}

function isEan(digits) {
  const sum = [...digits].reverse().reduce((all, digit, place) => all + Number(digit) * (place % 2 ? 3 : 1), 0)
  return sum % 10 === 0
}

at("any").addEventListener("submit", event => {
  event.preventDefault()
  if (at("code").value) scan(at("code").value)
})
at("show-code").addEventListener("click", () => { if (at("code").value) present(at("code").value) })
at("take-away").addEventListener("click", () => order("camera", "!empty"))

// a browser writes on a file's own button in its language, not in the till's
at("choose").addEventListener("click", () => at("picture").click())
at("picture").addEventListener("change", async event => {
  const [file] = event.target.files
  if (!file) return
  const picture = await shrunk(file).catch(() => null)
  told(picture === null ? {error: words.picture_unread}
    : picture === "" ? {error: words.picture_large}
    : await send("/emulator/picture", {picture}))
  event.target.value = "" // the same file again is another showing
  await look()
})

/** As the base64 of a JPEG that fits; "" where none does. */
async function shrunk(file) {
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height))
  const canvas = made("canvas", {width: Math.max(1, bitmap.width * scale), height: Math.max(1, bitmap.height * scale)})
  const pen = canvas.getContext("2d")
  pen.fillStyle = "#fff"
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  for (const quality of JPEG_QUALITIES) {
    const picture = canvas.toDataURL("image/jpeg", quality).split(",")[1]
    if (picture.length <= PICTURE_MAX) return picture
  }
  return ""
}

// what guests carry

let carried = ""

function showWallet(wallet) {
  if (JSON.stringify(wallet) === carried) return // buttons stay, and with them the focus
  carried = JSON.stringify(wallet)
  const error = wallet.error ?? (Object.keys(wallet).length ? "" : words.wallet_missing)
  at("wallet-error").textContent = error
  show(at("wallet-error"), Boolean(error))
  at("people").replaceChildren(...(wallet.people ?? []).map(guest => carriedCard(guest.name, guest.card, [guest.note, guest.phone && `${words.phone_is} ${guest.phone}`])))
  at("coupons").replaceChildren(...(wallet.coupons ?? []).map(coupon => carriedCard(coupon.name, coupon.text, [])))
  at("blank_cards").replaceChildren(...(wallet.blank_cards ?? []).map(card => carriedCard(words.blank_card, card, [])))
  for (const part of document.querySelectorAll("[data-of]")) show(part, wallet[part.dataset.of]?.length)
  at("baskets").replaceChildren(...(wallet.baskets ?? []).map(basket => {
    const key = made("button", {type: "button", textContent: basket.name})
    key.addEventListener("click", () => ring(basket.lines))
    return key
  }))
}

function carriedCard(name, text, about) {
  const inside = [made("strong", {textContent: name})]
  if (text) inside.push(made("code", {textContent: text}))
  for (const words of about.filter(Boolean)) inside.push(made("p", {className: "quiet", textContent: words}))
  if (text) inside.push(made("div", {className: "keys"}, ...[["scanner", "scan", scan], ["camera", "show", present]].filter(([device]) => setup.faults[device]).map(([device, word, act]) => {
    const key = made("button", {type: "button", textContent: words[word], ariaLabel: fill(words[`${word}_what`], {what: `${name} ${text.slice(0, 24)}`})})
    key.dataset.device = device
    key.addEventListener("click", () => act(text))
    return key
  })))
  return made("li", {}, ...inside)
}

// what a POS does: it gives its receipts numbers, and tells them with everything

let visit = null

const next = () => ({
  sale: `E-${new Date().toISOString().slice(11, 19).replaceAll(":", "")}`,
  ...(visit?.today ? {day: visit.today} : {}),
})
const front = () => visit?.receipt ? {sale: visit.receipt, ...(visit.day ? {day: visit.day} : {})} : next()
/** What the cashier types at the till's own page is none of the POS's: that waits aside. */
const ours = () => visit?.keyed ? next() : front()
/** What the till refuses it says for everybody to read (`listen`); here only what never came so far. */
async function command(body) {
  const answer = await send("/v1/commands", body)
  if (answer.code === "gone" || NEVER_CAME.includes(answer.status)) told(answer)
}
const ring = lines => command({do: "basket", ...ours(), lines})
at("pay").addEventListener("click", () => command({do: "pay", ...front()}))
at("cancel").addEventListener("click", () => command({do: "cancel", ...front()}))

// the devices

const boxes = {}

for (const [device, faults] of Object.entries(setup.faults)) {
  const state = made("p", {className: "state"})
  const trouble = made("p", {className: "trouble", hidden: true})
  const keys = faults.map(fault => {
    const key = made("button", {type: "button", textContent: words[`${device} ${fault.order}`]})
    key.dataset.order = fault.order
    key.addEventListener("click", () => order(device, key.dataset.order))
    return {fault, key}
  })
  const box = made("section", {className: "device", ariaLabel: words[device]},
    made("div", {className: "line"}, made("h3", {textContent: words[device]}), state), trouble,
    made("div", {className: "keys"}, ...keys.map(({key}) => key)))
  box.dataset.device = device
  boxes[device] = {box, state, trouble, keys}
  at("boxes").append(box)
}
for (const part of document.querySelectorAll("main [data-device]")) show(part, setup.faults[part.dataset.device])

/** A fault's button becomes its remedy while the fault is there. */
function showDevice(device, now) {
  const {box, state, keys} = boxes[device]
  const off = keys.filter(({fault}) => fault.shown_by && now[fault.shown_by] === true)
  for (const {fault, key} of keys) {
    const on = off.some(one => one.fault === fault)
    key.dataset.order = on ? fault.remedy : fault.order
    setText(key, words[`${device} ${key.dataset.order}`])
    key.toggleAttribute("data-on", on)
    key.disabled = now.gone
  }
  const said = off.map(({fault}) => words[`${device} is ${fault.shown_by}`])
  setText(state, now.gone ? words.device_gone : said.join(" · ") || words[`works_${device}`] || words.works)
  box.classList.toggle("off", now.gone || off.length > 0)
}

const setText = (element, text) => { if (element.textContent !== text) element.textContent = text }

let paperVersion = null, seenVersion = null

function showPaper(now) {
  if (now.gone || now.version === paperVersion) return
  paperVersion = now.version
  const picture = at("paper-picture"), there = now.text !== ""
  show(picture, there)
  show(at("no-paper"), !there)
  if (!there) return
  picture.alt = now.text
  picture.src = `/emulator/paper.png?v=${encodeURIComponent(now.version)}`
}
at("paper-picture").addEventListener("error", () => { paperVersion = null }) // drawn too late, or the printer is gone
at("seen").addEventListener("error", () => { seenVersion = null })
const toPaperEnd = () => { at("roll").scrollTop = at("roll").scrollHeight }
at("paper-picture").addEventListener("load", toPaperEnd)
new ResizeObserver(toPaperEnd).observe(at("roll")) // a longer word of the till's takes room from it

function showSeen(now) {
  if (now.gone || now.version === seenVersion) return
  seenVersion = now.version
  const said = now.shows ? words.camera_card : words.camera_empty
  at("take-away").disabled = !now.shows
  at("seen").alt = said
  at("seen-words").textContent = said
  at("seen").src = `/emulator/seen.jpg?v=${encodeURIComponent(now.version)}`
}

/** One look at a time, so that an older one never covers a newer one. */
let looking = Promise.resolve()
const look = () => (looking = looking.then(lookNow))

async function lookNow() {
  const answer = await fetch("/emulator/state").catch(() => null)
  if (!answer?.ok) return
  const {devices, wallet} = await answer.json()
  for (const [device, now] of Object.entries(devices)) showDevice(device, now)
  if (devices.printer) showPaper(devices.printer)
  if (devices.camera) showSeen(devices.camera)
  urls = Object.fromEntries(Object.entries(devices).filter(([, now]) => now.url).map(([device, now]) => [device, now.url]))
  showTroubles()
  showWallet(wallet)
}

async function lookAgain() {
  if (!document.hidden) await look()
  setTimeout(lookAgain, LOOK_MS)
}

// the till

let urls = {} // where the emulators say that they are
let status = null

/** How it is read is behind the "?", and the settings' own. */
const place = url => url.split("?")[0].replace("//localhost", "//127.0.0.1")
const reads = device => scanner => urls[device] !== undefined && place(scanner.url) === place(urls[device])

function showTroubles() {
  if (status === null) return
  const names = Object.fromEntries(status.scanners.map(scanner => [scanner.name, Object.keys(urls).find(device => reads(device)(scanner)) ?? scanner.name]))
  for (const [device, {trouble}] of Object.entries(boxes)) {
    const mine = status.troubles.filter(one => (one.of === "hub" ? "network" : names[one.of] ?? one.of) === device).map(one => one.text)
    if (isUnread(device)) mine.push(fill(words[`unread_${device}`], {url: urls[device]}))
    setText(trouble, mine.join(" "))
    show(trouble, mine.length)
  }
}

const isUnread = device => ["scanner", "camera"].includes(device) && urls[device] !== undefined && !status.scanners.some(reads(device))

listen("/v1/events", state => {
  visit = state.visit
  if (state.reply) {
    at("told").textContent = state.reply.text
    at("till").classList.toggle("refused", !state.reply.ok)
  }
  at("receipt").textContent = receiptWords(state.visit)
  status = state.status
  showTroubles()
}, gone => show(at("gone"), gone))

function receiptWords(visit) {
  const facts = [visit.receipt ? fill(words.receipt, {number: visit.receipt}) : words.no_receipt]
  if (visit.told) facts.push(fill(words.to_pay, {sum: rubles(visit.told.to_pay)}))
  if (visit.card) facts.push(fill(words.of_card, {card: visit.card}))
  return facts.join(" · ")
}

lookAgain()
