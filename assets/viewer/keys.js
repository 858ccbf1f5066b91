// The list of keys and filters.

import { make, byId } from "./dom.js"

const keys = [
  ["↑ ↓ PgUp PgDn", "move in the list; the details follow"], ["Home, End", "first and newest request; End follows what comes"],
  ["Enter", "to the details"], ["1 … 4", "details: Stages, Request, Response, Log"], ["Esc", "close the details, empty the filter"],
  ["/", "filter"], ["Ctrl+E", "pause and go on"], ["Ctrl+L", "clear"], ["?", "this list"],
]

const filters = [
  ["cart", "in method, address or why; \"two words\", /regexp/"], ["path:/cart", "begins so; path:cart contains, path:*.css matches"],
  ["method:POST", "method:GET,HEAD is either"], ["status:5xx", "status:404, status:>=400"],
  ["slower:50ms", "faster:5ms, larger-than:10k"], ["stage:render>5ms", "a stage or any other step"],
  ["has:error", "has:log, has:query, has:form"], ["header:accept=json", "request or response has the header"],
  ["why:compiled", "site:shop, app:/blog, pool:Default, id:41"], ["is:page", "is:running, is:paused, is:done"], ["-static", "not this"],
]

export function showKeys() {
  const dialog = byId("keys")
  if (!dialog.hasChildNodes()) {
    const title = make("h2", "", "Keys and filters")
    title.id = "keys-title"
    const close = make("button", "", "Close")
    close.addEventListener("click", () => dialog.close())
    dialog.append(title, make("div", "two", "", table(keys, "kbd"), table(filters, "code")), close)
  }
  dialog.showModal()
}

function table(rows, tag) {
  const list = make("dl")
  for (const [what, means] of rows) list.append(make("dt", "", "", make(tag, "", what)), make("dd", "", means))
  return list
}
