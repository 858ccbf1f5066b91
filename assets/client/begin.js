// The script runs once in each document, and nowhere else than in a page of a site: not in sandboxed frames.

const mark = Symbol.for("huygens")
if (!window[mark] && self.origin !== "null") {
  window[mark] = true
  restore()
  start()
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? start() : stop()))
  addEventListener("pagehide", stop)
  addEventListener("pageshow", start)
}
