// A shop day: what it came to at this till or in the store, as tables and small bars.
import {ask, button, change, choose, field, here, may, s} from "./desk_kit.js"
import {h} from "./dom.js"
import {words as w} from "./link.js"

const BAR_HEIGHT = 14, BAR_WIDTH = 200

async function look() {
  const {day, where} = here.values
  const answer = await ask({do: "day", ...(day ? {day} : {}), store: where === "store"})
  if (answer?.day) change({found: answer.day})
}

const svg = (name, attributes, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/** One bar as long as its amount; what it says stands beside it as text. */
function bar(amount, most) {
  const width = most > 0 ? Math.max(amount > 0 ? 2 : 0, Math.round(amount * BAR_WIDTH / most)) : 0
  return svg("svg", {class: "bar", viewBox: `0 0 ${BAR_WIDTH} ${BAR_HEIGHT}`, width: BAR_WIDTH, height: BAR_HEIGHT, "aria-hidden": "true"},
    svg("rect", {x: 0, y: 1, width, height: BAR_HEIGHT - 2, rx: 2}))
}

function bars(title, some) {
  if (some.length === 0) return null
  const most = Math.max(...some.map(one => one.amount))
  return h("section", {class: "bars"}, h("h3", {}, title), h("table", {"aria-label": title}, h("tbody", {}, some.map(one =>
    h("tr", {}, h("th", {scope: "row"}, one.label), h("td", {class: "number"}, one.text), h("td", {}, bar(one.amount, most)))))))
}

function parts(title, some) {
  if (some.length === 0) return null
  const heads = [title, w.day_sales, w.day_paid, w.day_earned, w.day_spent, w.day_returns, w.day_offline]
  return h("section", {}, h("h3", {}, title), h("table", {class: "parts"},
    h("thead", {}, h("tr", {}, heads.map((head, at) => h("th", {scope: "col", class: at ? "number" : ""}, head)))),
    h("tbody", {}, some.map(one => h("tr", {}, h("th", {scope: "row"}, one.label),
      [one.sales, one.paid, one.earned, one.spent, one.returns, one.offline].map(value => h("td", {class: "number"}, String(value))))))))
}

const drawDay = day => h("div", {class: "day", id: "day"},
  day.rings.length > 0 && h("section", {class: "rings"}, h("h3", {}, w.day_rings), h("ul", {}, day.rings.map(one => h("li", {}, h("span", {"aria-hidden": "true"}, "▲ "), one)))),
  h("section", {}, h("h3", {}, day.store === null ? w.day_here : w.day_of_store), h("table", {class: "counts", "aria-label": w.day_title}, h("tbody", {},
    day.counts.map(one => h("tr", {}, h("th", {scope: "row"}, one.label), h("td", {class: "number"}, one.text))),
    h("tr", {}, h("th", {scope: "row"}, w.day_unsent), h("td", {class: "number"}, String(day.unsent)))))),
  bars(w.day_hours, day.hours), parts(w.day_tills, day.tills), parts(w.day_people, day.people), bars(w.day_refusals, day.refusals), bars(w.day_goods, day.goods))

const draw = () => [
  h("div", {class: "asked"}, field("day", w.day_day, {type: "date", max: s.visit.today}), choose("where", w.day_where, [[w.day_here, "till"], [w.day_of_store, "store"]]), button(w.day_look, look),
    may("see_day") && h("button", {type: "button", onclick: () => void ask({do: "points_report", ...(here.values.day ? {day: here.values.day} : {})})}, w.day_print)),
  here.found && drawDay(here.found),
]

export const DAY = {id: "day", title: "day_title", right: "see_day", draw, opened: () => { void look() }, submit: look}
