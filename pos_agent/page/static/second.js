// The second person whom a step may need: near, with a PIN or a badge; or far, with the office's code. Where the step is a
// lost card's, the member himself may answer by a code to his phone. A window over the page that sent the command.
import {$, forget, h, region} from "./dom.js"
import {fill, time, words as w} from "./link.js"

const SECOND = ["second_needed", "second_same", "second_not_allowed", "second_wrong_code", "second_code_over"]
const STAYS = [...SECOND, "wrong_pin", "wrong_badge", "pin_pause", "no_pepper", "bad_code", "code_wrong", "code_no_tries", "code_over", "code_used", "code_needs_link", "gone"] // it is tried again

let page = null // of which page: `state()`, `tell(command)`, what is done when it is `closed()`
let second = null // {command, done, person, text, bad, code}

export const onSecond = of => { page = of }
export const secondIsOpen = () => second !== null

const staff = () => page.state()?.status.staff ?? null
const others = () => staff()?.people.filter(one => one.role !== "cashier" && one.role !== "auditor" && one.person !== staff().signed_in?.person) ?? []

/** The answer that the command gets with a second person; null: it was given up. */
export function withSecond(command, answer) {
  return new Promise(done => {
    second = {command, done, person: null, text: answer.text, bad: false, fresh: true}
    drawSecond()
  })
}

export function closeSecond(answer = null) {
  const {done} = second
  second = null
  drawSecond()
  page.closed()
  done(answer)
}

const trySecond = told => tryWith({...second.command, second: told})

async function tryWith(command) {
  if (second.busy) return
  const mine = second
  mine.busy = true
  const answer = await page.tell(command)
  mine.busy = false
  if (second !== mine) return
  if (!STAYS.includes(answer.code)) return closeSecond(answer)
  Object.assign(second, {text: answer.text, bad: true, fresh: true})
  forget("second")
  drawSecond()
}

export const secondScan = text => void trySecond({badge: text})

// the member himself

/** Whose account moves to another card answers for it as well as a manager does. */
const mayBeMember = () => second.command.do === "reissue_card" && page.state().visit.member !== null
const withoutManager = ({manager, by, ...command}) => command

async function sendMemberCode() {
  if (!mayBeMember() || second.busy) return
  const mine = second
  mine.busy = true
  const {sale, day, shift, pos} = mine.command
  const answer = await page.tell({do: "send_code", purpose: "reissue", sale, day, shift, pos})
  mine.busy = false
  if (second !== mine) return
  Object.assign(second, {text: answer.text, bad: !answer.ok, fresh: true, member: true})
  forget("second")
  drawSecond()
}

const drawMember = () => h("section", {"aria-label": w.second_member, id: "second-member-part"}, h("h3", {}, w.second_member), h("p", {class: "quiet"}, w.second_member_how),
  h("button", {type: "button", data: {key: "F2"}, onclick: () => void sendMemberCode()}, h("kbd", {}, "F2"), ` ${w.code_send}`),
  plainField("second-member", w.code_field, {inputmode: "numeric", maxlength: 10, autocomplete: "one-time-code"}))

/** A key while it is open: whether it took it. */
export function pressedSecond(event) {
  if (event.key === "Escape") closeSecond()
  else if (event.key === "F9") $("second-code").focus() // digits before that choose a person
  else if (event.key === "F2") void sendMemberCode()
  else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) submitSecond()
  else return false
  return true
}

function submitSecond() {
  const pin = $("second-pin").value.trim(), code = $("second-code").value.trim(), own = $("second-member")?.value.trim()
  second.code = code !== ""
  second.member = Boolean(own)
  if (own) return void tryWith({...withoutManager(second.command), second_factor: own})
  if (code) void trySecond({code})
  else if (second.person && pin) void trySecond({person: second.person, pin})
  else $(second.person ? "second-pin" : "second-code").focus()
}

function choosePerson(person) {
  second.person = person
  forget("second")
  drawSecond()
  $("second-pin").focus()
}

/** What has changed of it since; whoever shows his badge at the till's scanner has answered. */
export function drawSecond() {
  const challenge = staff()?.challenge
  for (const one of document.querySelectorAll("header, main, footer, #panel")) one.inert = second !== null
  region("second", second && [second.person, second.text, second.bad, challenge, staff()?.people], () => second && h("div", {class: "box", id: "second-box", tabindex: "-1"},
    h("h2", {id: "second-title"}, w.second_title),
    h("p", {class: second.bad ? "bad" : "", role: second.bad ? "alert" : null}, second.text),
    h("div", {class: mayBeMember() ? "two three" : "two"},
      h("section", {"aria-label": w.second_near}, h("h3", {}, w.second_near), h("p", {class: "quiet"}, w.second_near_how),
        h("div", {class: "people"}, others().map((one, at) => personButton(one, at, second.person === one.person, () => choosePerson(one.person)))),
        plainField("second-pin", w.desk_pin, {type: "password", inputmode: "numeric", maxlength: 6})),
      h("section", {"aria-label": w.second_far}, h("h3", {}, w.second_far), h("p", {class: "quiet"}, w.second_far_how),
        challenge && h("p", {class: "challenge", id: "challenge"}, challenge.text),
        challenge && h("p", {class: "quiet"}, fill(w.second_until, {time: time(challenge.until), tries: challenge.tries_left})),
        plainField("second-code", [h("kbd", {}, "F9"), ` ${w.second_code}`], {inputmode: "numeric", maxlength: 6})),
      mayBeMember() && drawMember()),
    h("div", {class: "choices"}, h("button", {type: "button", class: "main", onclick: submitSecond}, h("kbd", {}, "Enter"), ` ${w.second_do}`), h("button", {type: "button", onclick: () => closeSecond()}, h("kbd", {}, "Esc"), ` ${w.back}`))))
  if (second && challenge?.shown && second.shownOf !== challenge.text) { // his badge was before the till's own scanner
    second.shownOf = challenge.text
    void trySecond({})
  }
  if (!second?.fresh) return
  second.fresh = false
  $(second.member ? "second-member" : second.code ? "second-code" : second.person ? "second-pin" : "second-box").focus()
}

export const personButton = (one, at, chosen, run) => h("button", {type: "button", data: {choice: String(at + 1)}, "aria-pressed": String(chosen), onclick: run},
  at < 9 && h("kbd", {}, String(at + 1)), ` ${one.name}`, h("small", {}, w[`role_${one.role}`]))

export const plainField = (id, label, more = {}) => h("p", {class: "field"}, h("label", {for: id}, label), h("input", {id, autocomplete: "off", spellcheck: "false", ...more}))
