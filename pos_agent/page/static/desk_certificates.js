// Gift certificates without a purchase: what is on one, a stolen one blocked, another number in its place, and what is
// left given back in money.
import {ask, button, change, field, here, may, menu, s, say, sayOf} from "./desk_kit.js"
import {h} from "./dom.js"
import {fill, rubles, words as w} from "./link.js"

const NUMBER = /^[\d\s-]+$/ // what a person types; a QR has letters
const RIGHTS = {replace: "replace_certificates", refund: "refund_certificates"} // more than the flow needs
const STEPS = ["look", "block", "replace", "refund"]
const BY_PIN = ["look", "refund"] // whoever has it, has its PIN

const value = name => (here.values[name] ?? "").trim()
const reason = () => value("reason")
const which = () => ({text: value("number"), ...(value("pin") && {pin: value("pin")})})
const shown = () => NUMBER.test(value("number")) ? value("number") : w.dcert_scanned

/** What was asked about is seen before it is done: nobody undoes it. */
const isSure = () => here.values.sure === true

async function submit() {
  if (here.found?.done) return begin("")()
  if (!here.step) return
  if (here.found?.left) return given()
  if (!value("number")) return sayOf("number", w[`dcert_${here.step}_how`])
  if (BY_PIN.includes(here.step)) return NUMBER.test(value("number")) && !value("pin") ? sayOf("pin", w[`dcert_${here.step}_how`]) : look()
  if (!isSure()) return change({values: {...here.values, sure: true}})
  if (!reason()) return sayOf("reason", w.dcert_reason_how)
  await done({do: `${here.step}_certificate`, text: value("number"), reason: reason()})
}

async function look() {
  if (here.step === "look") return done({do: "certificate_balance", ...which()})
  const {step, values} = here
  const answer = await ask({do: "refund_certificate", ...which(), reason: reason()})
  if (here?.values !== values) return
  if (answer?.ok) change({step, found: {left: answer.certificate.left, text: answer.text}})
  else forgetPin(answer)
}

/** A wrong one is typed anew. */
const forgetPin = answer => /pin/.test(answer?.code) && change({values: {...here.values, pin: ""}})

/** The money is a fact, told again until the till has it. */
const given = () => done({do: "refund_certificate", ...which(), reason: reason(), paid: true})

async function done(command) {
  const {values} = here
  const answer = await ask(command)
  if (!here || here.values !== values) return
  if (answer?.ok) change({step: here.step, values: {}, found: {done: true, text: answer.text}})
  else forgetPin(answer)
}

const begin = step => () => {
  say("")
  change({step, values: {}, found: null})
}

function back() {
  if (!here.step) return false
  if (here.found?.left) change({found: null})
  else if (isSure()) change({values: {...here.values, sure: false}})
  else begin("")()
  return true
}

// drawing

const left = () => s.status.cards.certificates !== null && h("p", {class: "quiet", id: "left"}, fill(w.dcert_numbers, {count: s.status.cards.certificates}))

function drawMenu() {
  const choice = step => [RIGHTS[step] && !may(RIGHTS[step]) ? `${w[`dcert_${step}`]} (${w.desk_not_allowed})` : w[`dcert_${step}`], begin(step)]
  return [left(), menu(STEPS.map(choice))]
}

function draw() {
  if (!here.step) return drawMenu()
  if (here.found?.done) return [h("p", {class: "big", id: "told"}, here.found.text), button(w.dcert_done, begin(""))]
  if (here.found?.left) return [
    h("p", {class: "big", id: "told"}, here.found.text), h("p", {}, fill(w.dcert_given, {left: rubles(here.found.left)})),
    h("div", {class: "choices"}, button(w.dcert_given_yes, submit), h("button", {type: "button", id: "not-given", onclick: back}, h("kbd", {}, "Esc"), ` ${w.dcert_given_no}`)),
  ]
  if (isSure()) return [
    h("p", {class: "big", id: "sure"}, fill(w[`dcert_${here.step}_sure`], {number: shown()})), field("reason", w.dcert_reason, {maxlength: 200}),
    button(w[`dcert_${here.step}_do`], submit),
  ]
  return [
    h("p", {class: "quiet"}, w[`dcert_${here.step}_how`]),
    h("div", {class: "form"}, field("number", w.dcert_number, {maxlength: 200}),
      BY_PIN.includes(here.step) && field("pin", w.dcert_pin, {type: "password", inputmode: "numeric", maxlength: 12, autocomplete: "one-time-code", "data-first": value("number") ? true : null}),
      here.step === "refund" && field("reason", w.dcert_reason, {maxlength: 200})),
    button(BY_PIN.includes(here.step) ? w[`dcert_${here.step}_do`] : w.dcert_next, submit),
  ]
}

/** One that is scanned while another one is asked about is asked about instead. */
function scan(text) {
  if (!here.step || here.found) return false
  Object.assign(here.values, {number: text, pin: "", sure: false})
  change({})
  void submit()
  return true
}

export const CERTIFICATES = {
  id: "certificates", title: "dcert_title", right: "block_certificates", draw, back, scan,
  submit: () => void submit(),
  shows: () => [here.values.sure, s.status.cards.certificates],
}
