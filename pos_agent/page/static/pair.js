// A one-time link: its key stands behind the #, which no server and no log sees.
const [key, where] = location.hash.slice(1).split("~")
const show = (id, shown) => { document.getElementById(id).hidden = !shown }

if (key) {
  history.replaceState(null, "", location.pathname)
  show("how", false)
  show("opening", true)
  const answer = await fetch("/pair/open", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({key}),
  }).catch(() => null)
  const page = answer?.ok ? (await answer.json()).page : await openAlready()
  if (page) location.replace(page === "/" && where === "emulator" ? "/emulator" : page)
  show("opening", false)
  show("over", !page)
  show("how", !page)
}

/** The page that this browser was let into with an earlier link, or with this one; "": none. */
async function openAlready() {
  for (const page of ["/", "/guest"]) {
    const answer = await fetch(page).catch(() => null)
    if (answer?.ok) return page
  }
  return ""
}
