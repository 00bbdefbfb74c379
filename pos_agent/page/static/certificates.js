// A gift certificate that pays, or is only looked at: by its QR, or by its number with the PIN; and how those look that
// the receipt sells. Panels of panels.js.
import {h} from "./dom.js"
import {fill, rubles, words as w} from "./link.js"
import {ask, button, change, close, field, keypad, panel} from "./panels.js"
import {act, key, named, s} from "./till.js"

const QR = /^[A-Z]{2,4}:/i
const SOLD = "gift_certificate", SOLD_MAX = 100

/** A receipt is open, which it may pay. */
const pays = () => s.visit.state !== "idle" && !s.visit.prepared

async function submit(look) {
  const {number = "", pin = ""} = panel.values
  const text = number.trim()
  if (!text) return
  if (!QR.test(text) && !pin.trim()) return change({first: "pin", bad: ""})
  const mine = panel
  const answer = await ask(look ? {do: "certificate_balance", text, pin: pin.trim()} : {do: "use_certificate", text, pin: pin.trim(), ...named()}, {stays: true})
  if (panel !== mine || !answer) return
  if (answer.ok && !look) return close()
  mine.values.pin = ""
  if (!answer.ok) change({first: /pin/.test(answer.code) ? "pin" : "number", bad: answer.text})
}

const draw = () => [
  h("p", {class: "quiet"}, pays() ? w.certificate_how : w.certificate_look_how),
  h("div", {class: "spend"},
    field("number", w.certificate_number, {inputmode: "none", class: "large number", maxlength: "200"}),
    field("pin", w.certificate_pin, {inputmode: "none", class: "number", maxlength: "12", type: "password", autocomplete: "one-time-code"})),
  h("p", {class: "choices"},
    button(pays() ? w.certificate_pay : w.certificate_look, () => submit(!pays())),
    pays() && key("F4", w.certificate_look, () => void submit(true))),
  keypad(panel.values.number ? "pin" : "number", () => submit(!pays())),
]

export const certificatePanel = {
  title: "certificate_title", of: "receipt", secret: true, draw, submit: () => void submit(!pays()),
  keys: {F4: () => void submit(true)}, shows: () => [s.visit.state, s.visit.prepared],
  scan: text => { panel.values.number = text; void submit(!pays()); return true },
}

// those that are sold

let gift = null // {of, looks}: of which receipt; kept by this page alone, for it stands on paper alone

/** Without a category the goods file says what it is. */
const lines = () => s.visit.lines.filter(line => (line.category ?? SOLD) === SOLD)

/** What is keyed in here is paid here. */
export const mayGive = () => s.visit.keyed && lines().length > 0

const looks = () => gift?.of === JSON.stringify(named()) ? gift.looks : null

/** What `pay` tells of it: each certificate of the receipt looks so. */
export function gifts() {
  const pieces = lines().reduce((sum, line) => sum + Math.floor(Number(line.quantity)), 0)
  return looks() ? {gifts: Array(Math.min(pieces, SOLD_MAX)).fill(looks())} : {}
}

function keepGift() {
  const {design = "", recipient = "", wishes = ""} = panel.values
  gift = {of: JSON.stringify(named()), looks: {design: design.trim(), recipient: recipient.trim(), wishes: wishes.trim()}}
  close()
}

const drawGift = () => [
  h("p", {class: "quiet"}, w.gift_how),
  ...["design", "recipient", "wishes"].map(name => field(name, w[`gift_for_${name}`], {maxlength: "200"})),
  button(w.gift_keep, keepGift),
]

export const giftPanel = {
  title: "gift_title", of: "receipt", secret: true, draw: drawGift, submit: keepGift,
  opened: () => { Object.assign(panel.values, looks()) },
}

/** Those of the receipt, each with what it pays and what is left on it. */
export function drawCertificates({told, certificates}) {
  const shown = told?.tenders ?? certificates ?? []
  const row = one => [
    fill(w.certificate_pays, {certificate: one.certificate, amount: rubles(one.amount)}),
    one.left && fill(w.certificate_left, {left: rubles(one.left)}),
  ].filter(Boolean).join(", ")
  return shown.length > 0 && h("ul", {class: "coupons", id: "certificates"}, shown.map(one => h("li", {}, h("span", {}, row(one)),
    h("button", {type: "button", class: "plain", "aria-label": `${w.drop_certificate} ${one.certificate}`, onclick: () => act({do: "drop_certificate", certificate: one.certificate, ...named()})}, "×"))))
}
