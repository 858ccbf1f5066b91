// The details of the chosen request, in four tabs.

import { make, set, byId } from "./dom.js"
import { bytes, clock, ms, status, time } from "./format.js"
import { stagesTab, hideTip } from "./spans.js"

const mask = "•••"

export class Detail {
  constructor(closed) {
    this.closed = closed // called when the user closes it
    this.element = byId("detail")
    this.title = set(make("h2", "title"), { "aria-live": "polite" })
    this.tabs = ["Stages", "Request", "Response", "Log"].map((name, i) => {
      const tab = set(make("button", "tab", name), { type: "button", role: "tab", id: `tab${i}`, "aria-controls": "panel" })
      tab.addEventListener("click", () => this.open(i))
      return tab
    })
    const list = set(make("div", "tabs", "", ...this.tabs), { role: "tablist", "aria-label": "Details" })
    list.addEventListener("keydown", (event) => this.key(event))
    const close = set(make("button", "close", "×"), { type: "button", "aria-label": "Close the details", title: "Close (Esc)" })
    close.addEventListener("click", () => this.closed())
    this.panel = set(make("div", "panel"), { role: "tabpanel", id: "panel", tabindex: "0" })
    this.element.append(make("div", "detail-head", "", this.title, close), list, this.panel)
    this.tab = 0
    this.mark()
  }

  get shown() { return !this.element.hidden }

  /** Shows a row, or nothing. A row that is shown already is drawn again only if it changed. */
  show(row) {
    this.element.hidden = !row
    hideTip()
    if (!row || row === this.row) return
    const other = row.number !== this.row?.number
    this.row = row
    const t = row.trace
    const code = make("span", t.status ? `status-${Math.floor(t.status / 100)}` : "muted", t.status || t.phase !== "done" ? status(t.status) : "no answer")
    this.title.replaceChildren(make("span", "", t.method), " ", make("span", "url", t.url), " ", code, " ", make("span", "muted", time(t.tookMicros)), " ", make("span", "muted why", t.why))
    this.tabs[3].textContent = t.log.length ? `Log ${t.log.length}` : "Log"
    this.draw(other)
  }

  open(i) {
    this.tab = i
    this.mark()
    if (this.row) this.draw(true)
  }

  mark() {
    this.tabs.forEach((tab, i) => set(tab, { "aria-selected": String(i === this.tab), tabindex: i === this.tab ? "0" : "-1" }))
    set(this.panel, { "aria-labelledby": `tab${this.tab}` })
  }

  key(event) {
    const to = { ArrowRight: this.tab + 1, ArrowLeft: this.tab - 1, Home: 0, End: 3 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    this.open((to + 4) % 4)
    this.tabs[this.tab].focus()
  }

  draw(fromTop) {
    const t = this.row.trace
    const top = this.panel.scrollTop
    this.panel.replaceChildren([() => stagesTab(t), () => requestTab(t), () => responseTab(t), () => logTab(t)][this.tab]())
    this.panel.scrollTop = fromTop ? 0 : top
  }
}

function requestTab(t) {
  const tab = make("div", "message")
  tab.append(pairs("General", [
    ["Address", t.url], ["Method", t.method], ["Began", `${clock(t.began)} (${t.began})`], ["Site", t.site],
    ["Application", t.application], ["Pool", t.pool], ["Worker", t.worker ? `process ${t.worker}` : ""], ["Trace", t.id],
  ].filter(([, value]) => value)))
  return message(tab, t.request)
}

function responseTab(t) {
  const tab = make("div", "message")
  tab.append(pairs("General", [["Status", status(t.status)], ["Why", t.why], ["Sent", bytes(t.bytes)], ["Took", time(t.tookMicros)]].filter(([, value]) => value)))
  return message(tab, t.response)
}

function message(tab, m) {
  if (m.headers.length) tab.append(pairs("Headers", m.headers))
  if (m.form.length) tab.append(pairs("Form", m.form))
  const { body } = m
  if (body.bytes === 0) return tab
  const section = make("section", "", "", make("h3", "", `Body, ${bytes(body.bytes)}`))
  if (body.text) section.append(make("pre", "", body.text))
  if (body.gone) section.append(make("p", "hint", "The viewer keeps the bodies of the newest requests only."))
  else if (!body.text) section.append(make("p", "hint", "It is no text, or was sent without passing through the trace."))
  if (body.cut) section.append(make("p", "hint", "The rest was cut."))
  tab.append(section)
  return tab
}

/** A table of names and values. */
function pairs(title, rows) {
  const table = make("table", "pairs")
  const section = make("section", "", "", make("h3", "", title), table)
  for (const [name, value] of rows) {
    const cell = make("td", value === mask ? "muted" : "", value)
    if (value === mask) cell.title = "Masked when it was captured"
    table.append(make("tr", "", "", set(make("th", "", name), { scope: "row" }), cell))
  }
  return section
}

function logTab(t) {
  if (t.log.length === 0) return make("p", "hint", "The page wrote nothing. trace.write(\"…\") and console.log(\"…\") end here.")
  const table = make("table", "log")
  table.append(make("tr", "", "", ...["ms", "Level", "Text", "From"].map((name) => set(make("th", "", name), { scope: "col" }))))
  for (const line of t.log) {
    const row = make("tr", `level-${["warn", "error"].includes(line.level) ? line.level : "info"}`)
    row.append(make("td", "right", ms(line.atMicros)), make("td", "", line.level), make("td", "text", line.text), make("td", "muted", line.source))
    table.append(row)
  }
  return table
}
