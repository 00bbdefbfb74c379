// A form of the desk: what is wrong stands beside its field, and nothing that was typed is lost.
import {ask, change, field, here} from "./desk_kit.js"
import {$, h} from "./dom.js"
import {fill} from "./link.js"

/** A field with what the till said of it. */
export function checked(name, label, more = {}) {
  const wrong = here.wrong?.field === name ? here.wrong.text : ""
  const marks = wrong ? {"aria-invalid": "true", "aria-describedby": `wrong-${name}`, "data-first": true} : {}
  return h("div", {class: "checked"}, field(name, label, {...more, ...marks}), said(name, wrong))
}

/** What was said of a field that is none to type in. */
export const wrongOf = name => said(name, here.wrong?.field === name ? here.wrong.text : "")

const said = (name, wrong) => wrong && h("p", {class: "wrong", id: `wrong-${name}`}, h("span", {"aria-hidden": "true"}, "▲ "), wrong)

/** A command of the form; null where it was not done. What was wrong is shown, and the field has the focus. */
export async function tellForm(command) {
  const flow = here?.flow, typedIn = document.activeElement?.id
  const answer = await ask(command)
  if (!answer || here?.flow !== flow) return null
  change({wrong: answer.ok ? null : {field: answer.field ?? "", text: answer.text, code: answer.code}})
  if (!answer.ok && typedIn && !$("desk").querySelector("[data-first]")) $(typedIn)?.focus() // nothing says which is wrong
  return answer.ok ? answer : null
}

/** A scanned card goes into the first of these that is empty, else into the last. */
export function scanInto(...names) {
  return text => {
    const name = names.find(one => !here.values[one]) ?? names.at(-1)
    here.values[name] = text
    change({})
    return true
  }
}

export const value = name => (here.values[name] ?? "").trim()

/** The code that went to the phone in the form: sent, told back, then `here.proven` for one order. */
export async function sendCode(purpose) {
  const phone = value("phone")
  const answer = await tellForm({do: "phone_code", phone, purpose})
  if (!answer) return
  here.values.code = ""
  change({sent: {...answer.member, phone}, proven: false})
}

export async function confirmPhone() {
  if (here.proven) return true
  const answer = await tellForm({do: "confirm_phone", sent: here.sent?.sent ?? "", code: value("code")})
  if (answer) change({proven: true})
  return answer !== null
}

/** A code proves the number that it went to, and no other. */
export const isSent = () => Boolean(here.sent) && here.sent.phone === value("phone")

export const codeFields = w => here.sent && [
  h("p", {class: "quiet"}, fill(here.proven ? w.reg_proven : w.reg_sent, {to: here.sent.to})),
  !here.proven && checked("code", w.reg_code, {inputmode: "numeric", maxlength: 10, "data-first": here.wrong ? null : true}),
  here.proven && wrongOf("code"),
]
