// The five stages, as devserver/trace knows them (trace.StageOf, trace.Stages).

export const stages = ["Init", "Load", "PreRender", "Render", "Unload"]

const families = new Map([
  ["PreInit", 0], ["Init", 0], ["InitComplete", 0],
  ["LoadViewState", 1], ["LoadPostData", 1], ["PreLoad", 1], ["Load", 1], ["Validate", 1],
  ["RaiseChangedEvents", 1], ["RaisePostBackEvent", 1], ["LoadComplete", 1],
  ["DataBinding", 2], ["PreRender", 2], ["PreRenderComplete", 2], ["SaveViewState", 2], ["SaveStateComplete", 2],
  ["Render", 3], ["CommitTransaction", 3], ["AbortTransaction", 3],
  ["Unload", 4], ["Disposed", 4],
])

/** The number of the stage that a span belongs to, -1 if none. */
export const stageOf = (name) => families.get(name) ?? -1

/** For each span, the stage that it or a span around it belongs to, and whether that is a span around it. */
export function places(spans) {
  const found = []
  spans.forEach((span, i) => {
    const around = span.parent >= 0 && span.parent < i ? found[span.parent] : { stage: -1, depth: -1 }
    const own = stageOf(span.name)
    const nested = around.stage >= 0
    found.push({ stage: nested ? around.stage : own, nested, depth: around.depth + 1 })
  })
  return found
}

/** Sums of the five stages in microseconds; a stage inside another one counts with the outer one. */
export function sums(spans) {
  const total = [0, 0, 0, 0, 0]
  places(spans).forEach((place, i) => {
    if (place.stage >= 0 && !place.nested && spans[i].tookMicros > 0) total[place.stage] += spans[i].tookMicros
  })
  return total
}

/** The stretches of the five stages, neighbours of one stage joined: [{stage, begin, end}]. */
export function stretches(spans, total) {
  const found = []
  places(spans).forEach((place, i) => {
    if (place.stage < 0 || place.nested) return
    const begin = spans[i].beginMicros
    const end = spans[i].tookMicros < 0 ? Math.max(total, begin) : begin + spans[i].tookMicros
    const last = found[found.length - 1]
    if (last && last.stage === place.stage) last.end = Math.max(last.end, end)
    else found.push({ stage: place.stage, begin, end })
  })
  return found
}
