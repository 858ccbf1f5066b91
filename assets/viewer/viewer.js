// The trace viewer: one page, no framework, nothing from elsewhere.

import { make, set, write, byId } from "./dom.js"
import { bytes } from "./format.js"
import { parseFilter } from "./filter.js"
import { Store, control } from "./store.js"
import { List } from "./list.js"
import { Detail } from "./detail.js"
import { stages } from "./stages.js"
import { colourOf } from "./bars.js"
import { showKeys } from "./keys.js"

let matches = () => true // of the filter box, the chips and the site
let paused = null // while paused: the highest number that is shown

const detail = new Detail(() => list.choose(0))
const list = new List(choose, () => { if (detail.shown) detail.panel.focus() })
const store = new Store(refresh, connected)

function choose(row) {
  detail.show(row)
  byId("splitter").hidden = !row
  history.replaceState(null, "", row ? `#${row.number}` : location.pathname)
}

/** Brings list, details and status line up to date. */
function refresh() {
  const all = [...store.rows.values()]
  const rows = all.filter((row) => (paused === null || row.number <= paused) && matches(row.trace))
  list.show(rows)
  if (list.number) {
    const row = store.rows.get(list.number)
    if (row) detail.show(row)
    else list.choose(0)
  }
  openWanted()
  showEmpty(all.length, rows.length)
  showStatus(all.length, rows.length)
  showSites()
}

// A number in the address, /_huygens/trace#41, opens that request as soon as it is known.

let wanted = Number(location.hash.slice(1)) || 0

function openWanted() {
  if (!wanted || !store.rows.has(wanted)) return
  const number = wanted
  wanted = 0
  list.setFollow(false)
  list.choose(number)
}

window.addEventListener("hashchange", () => {
  wanted = Number(location.hash.slice(1)) || 0
  openWanted()
})

// Empty states say what to do.

function showEmpty(all, shown) {
  const empty = byId("empty")
  empty.hidden = shown > 0
  const addresses = (store.status?.sites ?? []).map((s) => s.url)
  const state = all > 0 ? "filter" : store.loaded ? `none ${addresses.join(" ")}` : "loading"
  if (empty.dataset.state === state) return
  empty.dataset.state = state
  if (state === "loading") {
    empty.replaceChildren()
  } else if (state === "filter") {
    const button = make("button", "", "Show all requests")
    button.addEventListener("click", showAll)
    empty.replaceChildren(make("h2", "", "No request matches."), button)
  } else {
    const links = addresses.filter((url) => /^http:\/\/[a-z0-9.:[\]-]+\/?$/i.test(url)).map((url) =>
      make("p", "", "", "Open ", set(make("a", "", url), { href: url, target: "_blank", rel: "noreferrer" })))
    const about = make("p", "muted", "Every request of a page, a style sheet or a program shows here while it happens.")
    empty.replaceChildren(make("h2", "", "No requests yet."), ...links, about)
  }
}

function showAll() {
  byId("filter").value = ""
  byId("site").value = ""
  for (const chip of document.querySelectorAll(".chip")) set(chip, { "aria-pressed": "false" })
  pause(false)
  filterChanged()
}

// Filter: the box, the chips and the site together.

function filterChanged() {
  const box = byId("filter")
  const text = [box.value, ...[...document.querySelectorAll('.chip[aria-pressed="true"]')].map((chip) => chip.dataset.filter)].join(" ")
  const site = byId("site").value
  try {
    const match = parseFilter(text)
    matches = (t) => (site === "" || t.site === site) && match(t)
    set(box, { "aria-invalid": "false" })
    write(byId("filter-error"), "")
  } catch (error) {
    set(box, { "aria-invalid": "true" })
    write(byId("filter-error"), error.message)
    return
  }
  refresh()
}

function showSites() {
  const names = new Set((store.status?.sites ?? []).map((s) => s.name))
  for (const row of store.rows.values()) if (row.trace.site) names.add(row.trace.site)
  const select = byId("site")
  select.parentElement.hidden = names.size < 2
  const wantedNames = ["", ...[...names].sort()]
  if (select.dataset.names === JSON.stringify(wantedNames)) return
  select.dataset.names = JSON.stringify(wantedNames)
  const { value } = select
  select.replaceChildren(...wantedNames.map((name) => set(make("option", "", name || "all"), { value: name })))
  select.value = wantedNames.includes(value) ? value : ""
}

// Status line.

function connected(state) {
  const texts = { live: "Live", lost: "The server does not answer; trying again", ended: "This run of Huygens has ended: open the viewer anew" }
  const element = byId("connection")
  write(element, texts[state])
  element.className = state
}

function showStatus(all, shown) {
  write(byId("shown"), shown === all ? `${all} requests` : `${shown} of ${all} shown`)
  const trace = store.status?.trace
  if (trace) write(byId("kept"), `${trace.recording ? "" : "not recording · "}trace ${trace.kept}/${trace.keep} · ${bytes(trace.bytes)} of ${bytes(trace.memory)}`)
  write(byId("missed"), store.missed ? `${store.missed} not seen: they came too fast` : "")
}

function buildLegend() {
  stages.forEach((name, i) => {
    const mark = make("i", "swatch")
    mark.style.background = colourOf(i)
    byId("legend").append(make("span", "", "", mark, name))
  })
}

// Commands.

function pause(on) {
  paused = on ? Math.max(0, ...store.rows.keys()) : null
  set(byId("pause"), { "aria-pressed": String(on) })
  write(byId("pause").querySelector(".label"), on ? "Go on" : "Pause")
  refresh()
}

async function clear() {
  try {
    await control("clear", {})
    store.again()
    list.choose(0)
    if (paused !== null) pause(false)
  } catch {
    connected("lost")
  }
}

byId("pause").addEventListener("click", () => pause(paused === null))
byId("clear").addEventListener("click", clear)
byId("help").addEventListener("click", showKeys)
byId("filter").addEventListener("input", filterChanged)
byId("site").addEventListener("change", filterChanged)
for (const chip of document.querySelectorAll(".chip")) {
  chip.addEventListener("click", () => {
    set(chip, { "aria-pressed": String(chip.getAttribute("aria-pressed") !== "true") })
    filterChanged()
  })
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input[type=search], select")
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    const command = { e: () => pause(paused === null), l: clear }[event.key.toLowerCase()]
    if (command) { event.preventDefault(); command() }
    return
  }
  if (event.altKey || document.querySelector("dialog[open]")) return
  if (event.key === "Escape") {
    if (typing && byId("filter").value) { byId("filter").value = ""; filterChanged(); event.preventDefault() }
    else if (typing) byId("rows").focus()
    else { list.choose(0); byId("rows").focus() }
  } else if (typing) {
    if (event.key === "Enter" || event.key === "ArrowDown") { byId("rows").focus(); event.preventDefault() }
  } else if (event.key === "/") {
    byId("filter").focus()
    event.preventDefault()
  } else if (event.key === "?") {
    showKeys()
  } else if (/^[1-4]$/.test(event.key) && detail.shown) {
    detail.open(Number(event.key) - 1)
  }
})

// The splitter between list and details, by mouse and by keys.

function splitAt(y) {
  const main = document.querySelector("main")
  const box = main.getBoundingClientRect()
  const part = Math.min(0.85, Math.max(0.15, (y - box.top) / box.height))
  main.style.setProperty("--split", `${(part * 100).toFixed(1)}%`)
  set(byId("splitter"), { "aria-valuenow": Math.round(part * 100), "aria-valuemin": 15, "aria-valuemax": 85 })
}

byId("splitter").addEventListener("pointerdown", (event) => {
  event.target.setPointerCapture(event.pointerId)
  event.target.onpointermove = (move) => splitAt(move.clientY)
  event.target.onpointerup = () => { event.target.onpointermove = null }
})
byId("splitter").addEventListener("keydown", (event) => {
  const step = { ArrowUp: -24, ArrowDown: 24 }[event.key]
  if (!step) return
  event.preventDefault()
  splitAt(byId("splitter").getBoundingClientRect().top + step)
})

buildLegend()
byId("rows").focus()
refresh()
store.connect()
