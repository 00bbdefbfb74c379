// The code for whoever only said a phone: sent, told back, or given up. A panel of panels.js.
import {$, h} from "./dom.js"
import {fill, words as w} from "./link.js"
import {ask, button, change, close, field, keypad, panel} from "./panels.js"
import {act, key, named, s} from "./till.js"

const BY_CODE_ALONE = ["second_factor_missing", "phone_silent"] // limits that a code lifts

/** Nothing may be spent, and a code would change that. */
export const mayAskCode = () => Boolean(s.visit.member) && !s.visit.prepared && BY_CODE_ALONE.includes(s.visit.limit_reason)

async function sendCode() {
  const mine = panel
  const answer = await act({do: "send_code", ...named()})
  if (panel !== mine || !answer) return
  panel.values.code = ""
  change({bad: answer.ok ? "" : answer.text, first: "code"})
}

async function submitCode() {
  const code = (panel.values.code ?? "").trim()
  if (!code) return s.visit.asked_code ? null : sendCode()
  panel.values.code = ""
  const answer = await ask({do: "enter_code", code, ...named()}, {stays: true})
  if (panel?.name !== "codes") return
  if (answer?.ok) close() // and the till asks how many
  else change({first: "code", bad: answer?.text ?? ""})
}

const leftUntil = moment => Math.max(0, Math.ceil((new Date(moment) - Date.now()) / 1000))
const asClock = seconds => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`

/** How long until another may be sent; drawn each second while the panel stands. */
function drawAgain() {
  const place = $("code-again")
  if (!place || !s.visit.asked_code) return
  const seconds = leftUntil(s.visit.asked_code.again_at)
  place.textContent = seconds > 0 ? fill(w.code_again_in, {time: asClock(seconds)}) : w.code_again
}
setInterval(drawAgain, 1000)

function drawCodes() {
  const code = s.visit.asked_code
  if (!code) return [
    h("p", {}, w.code_why), h("p", {class: "quiet"}, w.code_or_account),
    button(w.code_send, sendCode), field("code", w.code_of_account, CODE_FIELD),
  ]
  if (code.tries === 0) return h("p", {class: "bad"}, w.code_no_tries)
  queueMicrotask(drawAgain)
  return [
    h("p", {}, fill(w.code_sent_to, {to: code.to})),
    h("div", {class: "spend"}, field("code", w.code_field, {...CODE_FIELD, maxlength: String(code.digits)}), h("p", {class: "number"}, fill(w.code_tries, {tries: code.tries}))),
    h("p", {class: "quiet"}, s.guest_types ? w.code_guest_types : w.code_guest),
    h("p", {class: "choices"}, button(w.code_check, submitCode),
      h("button", {type: "button", data: {key: "F2"}, onclick: () => void sendCode()}, h("kbd", {}, "F2"), " ", h("span", {id: "code-again"})),
      key("Esc", w.code_none, close)),
    keypad("code", submitCode),
  ]
}

const CODE_FIELD = {inputmode: "none", class: "large number", maxlength: "10", autocomplete: "one-time-code"}

export const codesPanel = {
  title: "code_title", of: "visit", secret: true, draw: drawCodes, submit: () => void submitCode(), keys: {F2: () => void sendCode()},
  shows: () => [s.visit.asked_code, s.guest_types, s.visit.member?.second_factor],
}
