// How the desk says points and moments.
import {h} from "./dom.js"
import {fill, setup, words as w} from "./link.js"

export const pointsOf = count => fill(w.office_points, {count: count.toLocaleString("ru-RU")}).replace("-", "−")

const zoned = new Intl.DateTimeFormat("ru-RU", {day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: setup.zone})
const zonedDay = new Intl.DateTimeFormat("ru-RU", {day: "2-digit", month: "2-digit", year: "numeric", timeZone: setup.zone})

/** By the shop's clock. */
export const when = at => zoned.format(new Date(at))
export const dayOf = at => zonedDay.format(new Date(at))

/** Of points: the last day on which they live, as on paper. */
export const lastDayOf = at => dayOf(Date.parse(at) - 1)

/** A day of the till, YYYY-MM-DD, as people write it. */
export const dayText = day => day.split("-").reverse().join(".")

/** Choices by digit, each with more than one line. */
export const rows = choices => h("div", {class: "menu"}, choices.map(([title, more, run], at) =>
  h("button", {type: "button", data: {choice: String(at + 1)}, onclick: run}, at < 9 && h("kbd", {}, String(at + 1)), " ", h("strong", {}, title), h("small", {}, more.filter(Boolean).join(" · ")))))
