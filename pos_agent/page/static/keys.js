// The keyboard: scans that are typed by a scanner, keys of the page, digits that belong to no field.

const SCAN_GAP_MS = 35 // a scanner presses keys faster than any hand
const SCAN_LATE_MS = 100 // once it is surely one, a key of it may come late: the machine is busy
const SCAN_KEYS_MIN = 6
const SCAN_SURE = 4 // so many quick keys are a scanner's: the field gets no more of them
const SCAN_END_MS = 300 // one that presses no Enter is through then; a busy machine may hold keys up for less
const JOINS_MS = 100 // what begins so soon after a typed key goes on with it: no scan, but the rest of a number
const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"]

/** How long a digit waits before it chooses from a menu: a number that somebody types begins with one, too. */
export const ALONE_MS = 300
/** Where no number is typed but a PIN behind the choice, only a scan is waited for. */
export const ALONE_BUT_FOR_SCANS_MS = SCAN_GAP_MS

// A scanner is a US keyboard whatever layout the machine has: keys by their place.
const PLACES = {
  Minus: "-_", Equal: "=+", BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:", Quote: "'\"",
  Backquote: "`~", Comma: ",<", Period: ".>", Slash: "/?", Space: "  ", NumpadAdd: "++", NumpadSubtract: "--",
  NumpadDecimal: "..", NumpadMultiply: "**", NumpadDivide: "//",
}
const SHIFTED = ")!@#$%^&*("

function character({code, shiftKey, ctrlKey, altKey, metaKey}) {
  if (ctrlKey && code === "BracketRight") return "\x1d" // how scanners press GS
  if (ctrlKey || altKey || metaKey) return null
  if (/^Key[A-Z]$/.test(code)) return shiftKey ? code[3] : code[3].toLowerCase()
  if (/^Digit\d$/.test(code)) return shiftKey ? SHIFTED[code[5]] : code[5]
  if (/^Numpad\d$/.test(code)) return code[6]
  return PLACES[code]?.[shiftKey ? 1 : 0] ?? null
}

const isField = element => element instanceof HTMLElement && element.matches("input:not([type=checkbox]), select, textarea")

/** `scanned(text)` gets whole scans, `pressed(key)` keys: it says whether it took one. `entry`: the field of digits that
 *  belong to no other; `choose(digit)` where they do: what `mayChoose()` says, once the digit stood alone for
 *  `aloneMs()`. `home()`: another field that they belong to just now, null: none. */
export function listenToKeys({scanned, pressed, entry, mayChoose, choose, aloneMs, home = () => entry}) {
  let burst = null, timer = 0
  let typedAt = -Infinity
  let waits = null // a digit that may choose

  const changed = field => field.dispatchEvent(new Event("input", {bubbles: true}))

  const over = () => {
    clearTimeout(timer)
    const {text, field, value} = burst
    burst = null
    field.value = value
    changed(field)
    if (field === entry) entry.blur()
    scanned(text)
  }

  /** Quick fingers after all: the field gets what was held back. */
  const giveBack = () => {
    clearTimeout(timer)
    const {held, field} = burst ?? {}
    burst = null
    if (!held) return
    field.value += held
    changed(field)
  }

  const begin = now => {
    giveBack()
    const field = isField(document.activeElement) ? document.activeElement : home() ?? entry
    burst = {text: "", held: "", field, value: field.value, last: now, joins: now - typedAt <= JOINS_MS}
  }

  const goesOn = now => burst !== null && now - burst.last <= (burst.text.length < SCAN_SURE ? SCAN_GAP_MS : SCAN_LATE_MS)

  const settle = () => {
    const {digit} = waits
    waits = null
    if (mayChoose()) choose(digit)
  }

  /** The key behind a digit that may choose: true, it was the end of it. */
  const endsWaiting = ({key}) => {
    if (waits === null || MODIFIERS.includes(key)) return false
    const {digit} = waits
    clearTimeout(waits.timer)
    if (/^\d$/.test(key)) { // a number: it goes to the line of entry, whole
      waits = null
      entry.value = digit
      entry.focus()
    } else if (key === "Escape") waits = null
    else settle()
    return key === "Enter" || key === "Escape"
  }

  const stop = event => {
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  // before any field sees it
  document.addEventListener("keydown", event => {
    if (event.repeat && event.key !== "Backspace" && !event.key.startsWith("Arrow")) return stop(event) // a key that is held down says nothing twice
    const now = event.timeStamp
    const typed = character(event)
    if (typed !== null) {
      if (!goesOn(now)) begin(now)
      typedAt = now
      burst.text += typed
      burst.last = now
      if (endsWaiting(event)) return stop(event)
      clearTimeout(timer)
      if (burst.text.length < SCAN_SURE || burst.joins || burst.field instanceof HTMLSelectElement) return
      burst.held += typed
      stop(event)
      timer = setTimeout(() => burst.text.length >= SCAN_KEYS_MIN + 2 ? over() : giveBack(), SCAN_END_MS)
      return
    }
    if (MODIFIERS.includes(event.key)) return
    if (["Enter", "Tab"].includes(event.key) && goesOn(now) && !burst.joins && burst.text.length >= SCAN_KEYS_MIN) {
      stop(event)
      return over()
    }
    giveBack() // and the key finds the field whole
    if (endsWaiting(event)) stop(event)
  }, true)

  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
    if (/^[1-9]$/.test(event.key) && !isField(document.activeElement) && mayChoose()) {
      event.preventDefault()
      waits = {digit: event.key, timer: setTimeout(settle, aloneMs())}
      return
    }
    if (pressed(event)) {
      event.preventDefault()
      return
    }
    const plain = event.key.length === 1 && /[\d+()\-]/.test(event.key)
    if (plain && !isField(document.activeElement)) home()?.focus() // the key goes on to where the focus is now
  })
}
