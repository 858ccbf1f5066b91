// What a reload would lose: scroll position, what was typed, where the focus is. Kept for the next document of
// this tab only, and for ten seconds. Passwords and files are never kept.

const keptUnder = "huygens:keep"
const here = () => location.pathname + location.search

function keep() {
  const kept = {
    at: Date.now(),
    path: here(),
    x: scrollX,
    y: scrollY,
    boxes: [...document.querySelectorAll("body *")]
      .slice(0, 5000)
      .filter((e) => e.scrollTop || e.scrollLeft)
      .map((e) => [wayTo(e), e.scrollLeft, e.scrollTop]),
    fields: [...document.querySelectorAll("input, textarea, select")]
      .filter(touched)
      .slice(0, 200)
      .map((e) => [wayTo(e), valueOf(e)]),
    focus: focused(),
  }
  try {
    sessionStorage.setItem(keptUnder, JSON.stringify(kept))
  } catch {
    // no storage, or no room: the page begins at its top
  }
}

function touched(e) {
  if (e.localName === "select") return [...e.options].some((o) => o.selected !== o.defaultSelected)
  if (e.type === "checkbox" || e.type === "radio") return e.checked !== e.defaultChecked
  if (["password", "file", "hidden", "submit", "button", "image", "reset"].includes(e.type)) return false
  return !/^cc-|password|one-time-code/.test(e.autocomplete) && e.value !== e.defaultValue
}

function valueOf(e) {
  if (e.localName === "select") return [...e.options].map((o) => o.selected)
  return e.type === "checkbox" || e.type === "radio" ? e.checked : e.value
}

function setValue(e, value) {
  if (Array.isArray(value)) [...e.options].forEach((o, i) => (o.selected = Boolean(value[i])))
  else if (typeof value === "boolean") e.checked = value
  else e.value = value
}

function focused() {
  const e = document.activeElement
  if (!e || e === document.body) return null
  let selection = null
  try {
    selection = [e.selectionStart, e.selectionEnd]
  } catch {
    // not a text field
  }
  return [wayTo(e), selection]
}

// wayTo is a selector that finds the element again in a document that is nearly the same.
function wayTo(e) {
  const steps = []
  for (; e && e !== document.documentElement; e = e.parentElement) {
    if (e.id) {
      steps.unshift("#" + CSS.escape(e.id))
      break
    }
    const alike = e.parentElement ? [...e.parentElement.children].filter((o) => o.localName === e.localName) : [e]
    steps.unshift(`${CSS.escape(e.localName)}:nth-of-type(${alike.indexOf(e) + 1})`)
  }
  return steps.join(">")
}

function find(way) {
  try {
    return document.querySelector(way)
  } catch {
    return null
  }
}

function restore() {
  let kept = null
  try {
    kept = JSON.parse(sessionStorage.getItem(keptUnder))
    sessionStorage.removeItem(keptUnder)
  } catch {
    return
  }
  if (!kept || kept.path !== here() || Date.now() - kept.at > 10000) return
  let moved = false // the user is faster than the page
  const scroll = () => moved || scrollTo({ left: kept.x, top: kept.y, behavior: "instant" })
  for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    addEventListener(kind, () => (moved = true), { once: true, passive: true })
  }
  const ready = () => {
    for (const [way, value] of kept.fields) {
      const e = find(way)
      if (e && e.form !== undefined && e.type !== "file") setValue(e, value)
    }
    for (const [way, x, y] of kept.boxes) find(way)?.scrollTo({ left: x, top: y, behavior: "instant" })
    refocus(kept.focus)
    scroll()
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready, { once: true })
  else ready()
  if (document.readyState !== "complete") addEventListener("load", scroll, { once: true })
}

function refocus(focus) {
  const e = focus && find(focus[0])
  if (!e || document.activeElement !== document.body) return
  e.focus({ preventScroll: true })
  if (focus[1] && focus[1][0] !== null && e.setSelectionRange) e.setSelectionRange(...focus[1])
}
