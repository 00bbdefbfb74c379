// The till as a page sees it: its whole state as it comes, commands as they go. Nothing is worked out here.

export const {words, language, ...setup} = JSON.parse(document.getElementById("setup").textContent)

const SILENT_MS = 7_000 // the till's heart beats every five seconds
const AGAIN_MS = 1_000 // after an answer that ends the stream for good

/** Calls `draw(state)` with every state, and `gone(true)` when the till is silent. */
export function listen(address, draw, gone) {
  let source = null, timer = 0
  const silent = () => { gone(true); restart(0) }
  const alive = () => { clearTimeout(timer); timer = setTimeout(silent, SILENT_MS) }
  const restart = after => {
    source?.close()
    source = null
    clearTimeout(timer)
    if (!document.hidden) timer = setTimeout(open, after)
  }
  const ended = async () => { // for good: the till wants no more pages, or no longer this browser
    const answer = await fetch(location.pathname).catch(() => null)
    if (answer?.status === 401) location.reload()
    else restart(AGAIN_MS)
  }
  const open = () => {
    source = new EventSource(address)
    alive()
    source.addEventListener("here", alive)
    source.addEventListener("state", event => {
      alive()
      gone(false)
      draw(JSON.parse(event.data))
    })
    source.addEventListener("error", () => {
      gone(true)
      if (source?.readyState === EventSource.CLOSED) void ended()
    })
  }
  // a browser gives one host six connections: pages that nobody sees give theirs back
  document.addEventListener("visibilitychange", () => restart(0))
  open()
}

/** Sends a command and gives the till's answer; `code` is "gone" where none came. The same key is the same command, so
 *  one that got no answer may be sent again. */
export async function send(address, command, key = newKey()) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: {"Content-Type": "application/json", "Idempotency-Key": key},
      body: JSON.stringify(command),
    })
    return await answer.json()
  } catch {
    return {ok: false, code: "gone", text: words.gone}
  }
}

export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("")

// words of numbers: the till has worked them out

export const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "")

const group = new Intl.NumberFormat(language)

/** "1234.50" as people write rubles. */
export const rubles = text => {
  const [whole, part = "00"] = String(text).split(".")
  return `${group.format(BigInt(whole))}${language === "ru" ? "," : "."}${part.padEnd(2, "0")}\u00a0₽`
}

const plural = new Intl.PluralRules(language)

/** 259 as «259 баллов». */
export const points = count => `${group.format(count)} ${setup.points[plural.select(count)] ?? setup.points.other}`

/** A number as somebody typed it, as the till reads it. */
export const decimal = text => text.trim().replace(",", ".").replace(/[\s\u00a0]/g, "")

export const number = count => group.format(count)

/** A moment as the shop's clock says it. */
export const time = at => new Date(at).toLocaleTimeString(language, {timeZone: setup.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23"})

const PHONE = /^\+?[\d\s()-]+$/

/** Digits as somebody typed them: ten or eleven as phones have them, else a card or any other code. */
export function typed(text) {
  const digits = text.replace(/\D/g, "")
  const phone = PHONE.test(text) && (text.startsWith("+") || /^[78]\d{10}$/.test(digits) || /^9\d{9}$/.test(digits))
  return phone ? {phone: text} : {text}
}

const LINE = /lines\[(\d+)\]\.(\w+)/

/** What the till says of a field, as people call it: it calls fields as programs do. */
export const inWords = text => text.replace(LINE, (_, at, name) => fill(words.bad_line, {line: Number(at) + 1, field: words[`field_${name}`] ?? name}))
