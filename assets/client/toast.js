// The note that something is wrong while an older page still stands. It lies in a shadow root, so that the
// page's style cannot break it, and vanishes with Esc, its button, or the next good news. What was sent away is
// not shown again in this tab.

const dismissedUnder = "huygens:dismissed"

const look = `
  :host { all: initial; position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483647; max-width: min(34rem, calc(100vw - 2rem)); }
  div { display: flex; gap: .75rem; align-items: start; padding: .75rem .75rem .75rem 1rem; border-radius: .5rem; border: 1px solid #b3261e;
    border-left-width: .4rem; background: #fff; color: #1c1b1f; font: 14px/1.45 system-ui, sans-serif; box-shadow: 0 6px 24px #0004; }
  p { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; max-height: 40vh; overflow: auto; }
  p + p { margin-top: .25rem; font-family: ui-monospace, monospace; font-size: 13px; opacity: .8; }
  section { flex: 1; min-width: 0; }
  button { all: unset; padding: 0 .4rem; font-size: 18px; line-height: 1.2; cursor: pointer; border-radius: .25rem; }
  button:focus-visible { outline: 2px solid currentColor; }
  @media (prefers-color-scheme: dark) { div { background: #2b1a19; color: #f5e9e8; border-color: #f2b8b5; } }
  @media print { :host { display: none; } }
  @media (prefers-reduced-motion: no-preference) { div { animation: in .15s ease-out; } @keyframes in { from { opacity: 0; transform: translateY(.5rem); } } }
`

let toast = null
let toastId = ""

function showToast(id, message, file, line) {
  hideToast()
  if (dismissed() === id) return
  toastId = id
  toast = document.createElement("huygens-toast")
  const shadow = toast.attachShadow({ mode: "open" })
  const sheet = new CSSStyleSheet() // a page's policy lets constructed style sheets be
  sheet.replaceSync(look)
  shadow.adoptedStyleSheets = [sheet]
  const card = add(shadow, "div")
  const text = add(card, "section")
  text.setAttribute("role", "alert")
  const close = add(card, "button", "×")
  close.type = "button"
  close.setAttribute("aria-label", "Dismiss")
  close.addEventListener("click", dismiss)
  document.documentElement.append(toast)
  addEventListener("keydown", onEscape)
  add(text, "p", message) // after it is in the document, or it would not be spoken
  if (file) add(text, "p", line ? `${file}:${line}` : file)
}

function add(parent, name, text = "") {
  const element = document.createElement(name)
  element.textContent = text
  parent.append(element)
  return element
}

function onEscape(e) {
  if (e.key === "Escape") dismiss()
}

function dismiss() {
  hideToast()
  try {
    sessionStorage.setItem(dismissedUnder, toastId)
  } catch {
    // no storage: it comes again with the next page
  }
}

function dismissed() {
  try {
    return sessionStorage.getItem(dismissedUnder)
  } catch {
    return null
  }
}

function hideToast() {
  removeEventListener("keydown", onEscape)
  toast?.remove()
  toast = null
}
