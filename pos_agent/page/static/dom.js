// Small tools to draw with: nothing here knows a till.

/** An element; `on…` are listeners, `data` its data attributes, children are elements or text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else if (name === "data") Object.assign(element.dataset, value)
    else if (name === "value" || name === "checked") element[name] = value
    else element.setAttribute(name, value === true ? "" : value)
  }
  element.append(...children.flat(9).filter(child => child !== null && child !== undefined && child !== false))
  return element
}

export const $ = id => document.getElementById(id)

const drawn = new Map()

/** Draw a region anew where what it shows (`of`) has changed; whatever had the focus in it has it again. */
export function region(id, of, draw) {
  const key = JSON.stringify(of)
  if (drawn.get(id) === key) return
  drawn.set(id, key)
  const element = $(id)
  const focused = element.contains(document.activeElement) ? document.activeElement : null
  const {id: name, dataset} = focused ?? {dataset: {}}
  const cursor = focused?.selectionStart
  const typed = focused?.value
  const children = draw()
  element.hidden = children === null
  element.replaceChildren(...[children ?? []].flat(9).filter(Boolean))
  if (focused === null) return
  const again = (name && $(name)) || ["key", "choice"].map(what => dataset[what] && element.querySelector(`[data-${what}="${dataset[what]}"]`)).find(Boolean)
  again?.focus()
  if (again?.tagName === "INPUT" && typeof cursor === "number" && again.value === typed) again.setSelectionRange?.(cursor, cursor)
}

/** The next time it is drawn whatever it shows. */
export const forget = id => drawn.delete(id)
