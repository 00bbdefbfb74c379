// The keyboard: scans that are typed by a scanner, keys of the page, digits that belong to no field.

const SCAN_GAP_MS = 35 // a scanner presses keys faster than any hand
const SCAN_KEYS_MIN = 6
const SCAN_SURE = 4 // so many quick keys are a scanner's: the field gets no more of them
const SCAN_END_MS = 300 // one that presses no Enter is through then; a busy machine may hold keys up for less

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
 *  belong to no other; `choose(digit)` where they do: what `mayChoose()` says. `home()`: another field that they belong to
 *  just now, null: none. */
export function listenToKeys({scanned, pressed, entry, mayChoose, choose, home = () => entry}) {
  let burst = null, timer = 0

  const over = () => {
    clearTimeout(timer)
    const {text, field, value} = burst
    burst = null
    field.value = value
    field.dispatchEvent(new Event("input", {bubbles: true}))
    if (field === entry) entry.blur()
    scanned(text)
  }

  // before any field sees it
  document.addEventListener("keydown", event => {
    if (event.repeat && event.key !== "Backspace" && !event.key.startsWith("Arrow")) {
      event.preventDefault() // a key that is held down says nothing twice
      event.stopImmediatePropagation()
      return
    }
    const now = event.timeStamp
    const quick = burst !== null && now - burst.last <= SCAN_GAP_MS
    const typed = character(event)
    if (typed !== null) {
      if (!quick) {
        const active = isField(document.activeElement) ? document.activeElement : null
        const field = active ?? home() ?? entry
        burst = {text: "", field, value: field.value, last: now}
      }
      burst.text += typed
      burst.last = now
      clearTimeout(timer)
      if (burst.text.length < SCAN_SURE) return
      event.preventDefault()
      event.stopImmediatePropagation()
      timer = setTimeout(() => burst?.text.length >= SCAN_KEYS_MIN + 2 ? over() : giveBack(), SCAN_END_MS)
      return
    }
    if (quick && ["Enter", "Tab"].includes(event.key) && burst.text.length >= SCAN_KEYS_MIN) {
      event.preventDefault()
      event.stopImmediatePropagation()
      over()
    }
  }, true)

  const giveBack = () => { // quick fingers after all
    const {text, field} = burst
    burst = null
    field.value += text.slice(SCAN_SURE - 1)
    field.dispatchEvent(new Event("input", {bubbles: true}))
  }

  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
    if (/^[1-9]$/.test(event.key) && !isField(document.activeElement) && mayChoose()) {
      event.preventDefault()
      const alone = burst
      setTimeout(() => { if (alone.text.length === 1) choose(event.key) }, SCAN_GAP_MS) // a scan may begin so
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
