// The flow that registers a member: on the screen with a code, or by a form on paper.
import {button, change, here, isWorking, s, tick} from "./desk_kit.js"
import {checked, codeFields, confirmPhone, isSent, scanInto, sendCode, tellForm, value, wrongOf} from "./desk_form.js"
import {$, h} from "./dom.js"
import {fill, words as w} from "./link.js"

const documents = () => here.found?.documents ?? []
/** A connection that has come back is there for a form that is open. */
const isOnline = () => s.status.hub?.online ?? here.found.online
const onPaper = () => here.step === "paper"

const form = () => ({
  card: value("card"), phone: value("phone"), name: value("name"), birthday: value("birthday"),
  consents: documents().filter(one => here.values[one.what] === true).map(one => ({what: one.what, document: one.document})),
})

async function opened() {
  const answer = await tellForm({do: "registration_form"})
  if (answer) change({found: answer.member})
}

async function register(more = {}) {
  if (!onPaper() && !await confirmPhone()) return
  const answer = onPaper() ? await tellForm({do: "take_form", ...form()})
    : await tellForm({do: "register", ...form(), sent: here.sent?.sent ?? "", ...more})
  if (answer) change({step: "done", told: answer, values: {}, sent: null, proven: false})
}

const print = () => void tellForm({do: "print_form", card: value("card")})

/** Enter in a field goes on to the first that is still empty: a scanner's own Enter sends nothing. */
function goOn() {
  const at = document.activeElement
  const empty = ["card", "name", "phone"].find(name => !value(name))
  if (!empty || at?.tagName !== "INPUT" || !at.value) return false
  $(`f-${empty}`).focus()
  return true
}

function submit() {
  if (isWorking() || here.step === "done") return
  if (here.found && !isOnline()) return print()
  if (goOn()) return
  if (!onPaper() && !isSent()) void sendCode("register")
  else void register()
}

function another() {
  change({step: "", told: null, wrong: null})
}

const drawDone = () => [
  h("p", {class: "note"}, here.told.text),
  h("div", {class: "menu"}, h("button", {type: "button", class: "main", data: {choice: "1", first: true}, onclick: another}, h("kbd", {}, "1"), ` ${w.reg_another}`)),
]

const drawOffline = () => [
  h("p", {class: "note"}, w.reg_offline), checked("card", w.reg_card, {inputmode: "numeric", maxlength: 64}),
  here.found.prints ? button(w.reg_print, print) : h("p", {class: "wrong"}, w.reg_no_printer),
]

/** The consent without which nobody can be registered, and which is not there. */
const lacks = one => here.wrong?.field === "consents" && one.needed && here.values[one.what] !== true

const drawDocument = one => h("fieldset", {class: "consent"},
  h("legend", {}, one.title, " ", h("small", {}, one.needed ? w.reg_needed : w.reg_optional)),
  h("div", {class: "words", tabindex: "0"}, one.text.map(paragraph => h("p", {}, paragraph)), h("p", {class: "quiet"}, fill(w.reg_document, {document: one.document}))),
  tick(one.what, w.reg_agree, lacks(one) ? {"aria-invalid": "true", "aria-describedby": "wrong-consents", "data-first": true} : {}))

const drawCode = () => h("div", {class: "code"}, codeFields(w), !here.sent && wrongOf("code"),
  here.sent && h("button", {type: "button", id: "send-code", onclick: () => void sendCode("register")}, h("kbd", {}, "F7"), ` ${w.reg_send_again}`))

const drawForm = () => [
  h("p", {class: "quiet"}, onPaper() ? fill(w.reg_paper_how, {days: here.found.days}) : w.reg_how),
  h("div", {class: "two-columns"},
    h("div", {},
      checked("card", w.reg_card, {inputmode: "numeric", maxlength: 64}),
      checked("name", w.reg_name, {maxlength: 100}),
      checked("birthday", w.reg_birthday, {inputmode: "numeric", maxlength: 10, placeholder: "17.05.1990"}),
      checked("phone", w.reg_phone, {inputmode: "tel", maxlength: 40, placeholder: "8 916 123-45-67"}),
      !onPaper() && drawCode()),
    h("div", {}, documents().map(drawDocument), wrongOf("consents"))),
  h("div", {class: "menu"},
    button(onPaper() ? w.reg_take : isSent() ? w.reg_do : w.reg_send, submit),
    here.wrong?.code === "phone_taken" && !onPaper() && h("button", {type: "button", id: "same", onclick: () => void register({same_person: true})}, w.reg_same),
    here.found.prints && h("button", {type: "button", onclick: print}, h("kbd", {}, "F8"), ` ${w.reg_print}`),
    h("button", {type: "button", onclick: turn}, h("kbd", {}, "F9"), ` ${onPaper() ? w.reg_by_screen : w.reg_by_paper}`)),
]

function turn() {
  if (here.step !== "done") change({step: onPaper() ? "" : "paper", wrong: null})
}

const draw = () => !here.found ? h("p", {class: "quiet"}, w.reg_wait)
  : here.step === "done" ? drawDone() : isOnline() ? drawForm() : drawOffline()

function back() {
  if (here.step !== "paper") return false
  turn()
  return true
}

export const REGISTER = {
  id: "register", title: "reg_title", right: "register_members", draw, opened, submit, back, scan: scanInto("card"),
  shows: () => [here.wrong, here.sent, here.proven, here.told?.text, s.status.hub?.online],
  keys: {F7: () => void sendCode("register"), F8: print, F9: turn},
}
