// Bars of the waterfall, painted as the background of one element: a row costs one element, not one for each
// span. Both ends are rounded to whole pixels, so that neighbours touch.

import { stretches } from "./stages.js"

const colours = ["--init", "--load", "--prerender", "--render", "--unload"]

/** Paints a row of the list: the whole request as a thin line, its stages upon it. */
export function paintRow(element, trace, longest, width) {
  const px = (micros) => Math.round((Math.max(0, micros) / Math.max(longest, 1)) * width)
  const layers = []
  for (const { stage, begin, end } of stretches(trace.spans, trace.tookMicros)) {
    const from = px(begin)
    layers.push(rectangle(`var(${colours[stage]})`, from, Math.max(px(end) - from, 1), 10))
  }
  layers.push(rectangle("var(--rest)", 0, Math.max(px(trace.tookMicros), 1), layers.length ? 2 : 10))
  element.style.background = layers.join(", ")
}

function rectangle(colour, x, width, height) {
  return `linear-gradient(${colour}, ${colour}) ${x}px 50% / ${width}px ${height}px no-repeat`
}

/** The colour of a stage by its number; of anything else the neutral one. */
export const colourOf = (stage) => `var(${colours[stage] ?? "--rest"})`
