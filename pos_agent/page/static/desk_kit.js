// What every flow of the desk stands on: the till's state, what is typed, commands and their answers. The till decides
// who may do what; here it is only shown.
import {$, forget, h, region} from "./dom.js"
import {newKey, send, words as w} from "./link.js"
import {onSecond, plainField, withSecond} from "./second.js"

const COMMANDS = "/v1/commands"
const TRIES_MAX = 10, TRY_AGAIN_MS = 500 // while the till is restarted
const FIELDS = {card: "number", of: "receipt", "of.sale": "receipt", "of.code": "receipt", "of.day": "day"} // of a command, as flows call them

/** The till's state as it came last; null before. */
export let s = null
/** The open flow with what was typed in it: `flow` of the list, `step`, `values`, `found`; null: the menu. */
export let here = null
let notice = {text: "", ok: true}
let working = null
let focusNext = true
let redrawn = () => {}

export const onRedraw = draw => { redrawn = draw }
export const take = state => { s = state }

export const staff = () => s?.status.staff ?? null
export const signedIn = () => staff()?.signed_in ?? null
export const may = right => signedIn()?.may.includes(right) ?? false

// where one is

export function enterFlow(flow, values = {}) {
  here = {flow, step: "", values, found: null}
  say("")
  focusNext = true
  flow.opened?.()
  redraw()
}

export function leave() {
  here = null
  say("")
  focusNext = true
  redraw()
}

/** Another step of the open flow, or more of what was found; the focus goes to its first field. */
export function change(more) {
  Object.assign(here, more)
  focusNext = true
  redraw()
}

export function redraw() {
  forget("desk")
  redrawn()
}

/** After drawing: the first field, or what was marked `data-first`. */
export function focusFirst() {
  if (!focusNext || !$("second").hidden) return
  focusNext = false
  const place = $("desk")
  const wanted = place.querySelector("[data-first]") ?? place.querySelector("input, select, textarea")
  wanted?.focus()
  wanted?.select?.()
}

export const refocus = () => { focusNext = true }

/** A sentence below; `ok` false: it went wrong. */
export function say(text, ok = true) {
  notice = {text, ok}
  drawSaid()
}

/** The same of a field, which has the focus then. */
export function sayOf(name, text) {
  say(text, false)
  const field = $(`f-${name}`)
  field?.focus()
  field?.select?.()
}

export function drawSaid() {
  const {text, ok} = notice
  region("status", ok && text, () => ok ? text : "")
  region("alert", ok || text, () => ok ? "" : text)
  $("status").hidden = !ok
  $("alert").hidden = ok
}

// commands

const pause = ms => new Promise(done => setTimeout(done, ms))

/** One command, done once: with the same key it is told again until an answer comes. */
export async function tell(command) {
  const key = newKey()
  for (let left = TRIES_MAX; ; left--) {
    const answer = await send(COMMANDS, command, key)
    if (answer.code !== "gone" || left <= 1) return answer
    await pause(TRY_AGAIN_MS)
  }
}

/** A command of the open flow. Its answer is said below; where a second person is needed, he is asked first. null: it
 *  was given up, or another is on its way. */
export async function ask(command) {
  if (working) return null
  working = command.do
  say("")
  try {
    let answer = await tell(command)
    if (answer.code === "second_needed") answer = await withSecond(command, answer)
    if (answer) say(answer.text, answer.ok)
    if (answer && !answer.ok) $(`f-${FIELDS[answer.field] ?? answer.field}`)?.focus()
    return answer
  } finally {
    working = null
  }
}

export const isWorking = () => working !== null

onSecond({state: () => s, tell, closed: () => { refocus(); redraw() }})

// pieces

/** A field whose text is kept in the flow's values. */
export function field(name, label, more = {}) {
  const {onchange, ...attributes} = more
  return plainField(`f-${name}`, label, {
    value: here.values[name] ?? "", ...attributes,
    oninput: event => {
      here.values[name] = event.target.value
      onchange?.(event.target.value)
    },
  })
}

/** A box that is never ticked beforehand. */
export const tick = (name, label, more = {}) => h("p", {class: "check"},
  h("input", {...more, type: "checkbox", id: `f-${name}`, checked: here.values[name] === true, onchange: event => { here.values[name] = event.target.checked }}),
  h("label", {for: `f-${name}`}, label))

export const choose = (name, label, options) => h("p", {class: "field"}, h("label", {for: `f-${name}`}, label),
  h("select", {id: `f-${name}`, onchange: event => { here.values[name] = event.target.value }},
    options.map(([text, id]) => h("option", {value: id, selected: id === here.values[name]}, text))))

/** Choices by digit. */
export const menu = choices => h("div", {class: "menu"}, choices.map(([text, run], at) =>
  h("button", {type: "button", data: {choice: String(at + 1)}, onclick: run}, at < 9 && h("kbd", {}, String(at + 1)), ` ${text}`)))

/** What Enter does. */
export const button = (text, run) => h("button", {type: "button", class: "main", onclick: run}, h("kbd", {}, "Enter"), ` ${text}`)
