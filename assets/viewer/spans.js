// The waterfall of one request: every span in its place, children under their parents.

import { make, set, byId } from "./dom.js"
import { ms, time } from "./format.js"
import { places, stages, sums } from "./stages.js"
import { colourOf } from "./bars.js"

const waits = new Set(["Queue", "Session"])

/** The stages tab of a trace. */
export function stagesTab(trace) {
  const tab = make("div", "stages")
  tab.append(summary(trace))
  if (trace.spans.length === 0) {
    tab.append(make("p", "hint", "Nothing was recorded inside this request."))
    return tab
  }
  const length = Math.max(trace.tookMicros, ...trace.spans.map((s) => s.beginMicros + Math.max(0, s.tookMicros)), 1)
  const table = set(make("div", "spans"), { role: "table", "aria-label": "Steps of the request" })
  table.append(axis(length))
  const found = places(trace.spans)
  trace.spans.forEach((span, i) => table.append(spanRow(trace, span, i, found[i], length)))
  table.addEventListener("pointermove", (event) => showTip(event, trace, found))
  table.addEventListener("pointerleave", hideTip)
  tab.append(table)
  return tab
}

function summary(trace) {
  const list = make("dl", "sums")
  const total = sums(trace.spans)
  if (total.some((micros) => micros > 0)) {
    stages.forEach((name, i) => {
      const mark = make("i", "swatch")
      mark.style.background = colourOf(i)
      list.append(make("div", "", "", make("dt", "", "", mark, name), make("dd", "", time(total[i]))))
    })
  }
  list.append(make("div", "", "", make("dt", "", "Total"), make("dd", "", time(trace.tookMicros))))
  return list
}

function axis(length) {
  const row = set(make("div", "axis"), { "aria-hidden": "true" })
  const track = make("div", "track")
  for (let i = 0; i <= 5; i++) {
    const tick = make("span", i === 5 ? "last" : "", time(Math.round((length * i) / 5)))
    tick.style.left = `${i * 20}%`
    track.append(tick)
  }
  row.append(make("span"), make("span"), track)
  return row
}

function spanRow(trace, span, index, place, length) {
  const row = set(make("div", "span"), { role: "row" })
  row.dataset.index = index
  row.classList.toggle("failed", Boolean(span.error))
  row.classList.toggle("minor", place.stage < 0 || place.nested)
  const name = set(make("span", "name"), { role: "rowheader" })
  name.style.paddingLeft = `${Math.min(place.depth, 12) * 14}px`
  name.append(make("b", "", span.error ? `✖ ${span.name}` : span.name))
  if (span.detail) name.append(" ", make("span", "what", span.detail))
  const took = set(make("span", "took", ms(span.tookMicros)), { role: "cell" })
  row.append(name, took, bar(trace, span, place, length))
  if (span.error) row.append(set(make("p", "error", span.error), { role: "cell" }))
  return row
}

function bar(trace, span, place, length) {
  const track = set(make("div", "track"), { role: "cell", "aria-label": about(span) })
  const mark = make("i", "bar")
  const took = span.tookMicros < 0 ? Math.max(0, trace.tookMicros - span.beginMicros) : span.tookMicros
  mark.style.left = `${(span.beginMicros / length) * 100}%`
  mark.style.width = `max(2px, ${(took / length) * 100}%)`
  mark.style.setProperty("--colour", colourOf(place.stage))
  mark.classList.toggle("nested", place.nested)
  mark.classList.toggle("waits", waits.has(span.name))
  mark.classList.toggle("running", span.tookMicros < 0)
  track.append(mark)
  return track
}

const about = (span) => `begins at ${time(span.beginMicros)}, takes ${time(span.tookMicros)}`

/** Time in a span itself, without what is inside it. */
function selfTime(spans, index) {
  return spans.reduce((left, s) => (s.parent === index && s.tookMicros > 0 ? left - s.tookMicros : left), spans[index].tookMicros)
}

function showTip(event, trace, found) {
  const row = event.target.closest(".span")
  const tip = byId("tip")
  if (!row) { hideTip(); return }
  const index = Number(row.dataset.index)
  if (tip.dataset.index !== row.dataset.index || tip.hidden) {
    const span = trace.spans[index]
    const stage = found[index].stage
    const own = selfTime(trace.spans, index)
    tip.replaceChildren(make("b", "", stage >= 0 && stages[stage] !== span.name ? `${span.name} (${stages[stage]})` : span.name))
    if (span.detail) tip.append(make("div", "", span.detail))
    tip.append(make("div", "muted", about(span) + (own >= 0 && own < span.tookMicros ? `, ${time(own)} of it itself` : "")))
    if (span.error) tip.append(make("div", "error", span.error))
    tip.dataset.index = row.dataset.index
    tip.hidden = false
  }
  const { offsetWidth: width, offsetHeight: height } = tip
  const x = Math.min(event.clientX + 14, innerWidth - width - 8)
  const y = event.clientY + 18 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 18
  tip.style.transform = `translate(${Math.round(Math.max(4, x))}px, ${Math.round(Math.max(4, y))}px)`
}

export function hideTip() { byId("tip").hidden = true }
