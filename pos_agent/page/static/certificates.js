// A gift certificate that pays, or is only looked at: by its QR, or by its number with the PIN. A panel of panels.js.
import {h} from "./dom.js"
import {fill, rubles, words as w} from "./link.js"
import {ask, button, change, close, field, keypad, panel} from "./panels.js"
import {act, key, named, s} from "./till.js"

const QR = /^[A-Z]{2,4}:/i

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
