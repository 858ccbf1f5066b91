// What the viewer knows: the newest state of each request, in the order of their numbers. It is brought up to
// date by /_huygens/trace.json and kept so by the stream of events.

import { sums } from "./stages.js"
import { hasError } from "./filter.js"

const mostRows = 5000 // more than the server keeps: what it has dropped stays to be looked at
const wholeRows = 600 // older ones lose their bodies

/** A row is a trace and what is computed from it once. */
function row(trace) {
  return { trace, number: trace.number, sums: sums(trace.spans), failed: hasError(trace) }
}

export class Store {
  constructor(changed, connection) {
    this.changed = changed // called after a batch
    this.connection = connection // called with "live", "lost", "ended"
    this.forget()
    this.status = null
    document.addEventListener("visibilitychange", () => (document.hidden ? this.disconnect() : this.connect()))
    setInterval(() => this.ask(), 3000)
  }

  forget() {
    this.rows = new Map()
    this.next = 0
    this.missed = 0
    this.cleared = 0
  }

  /** Fetches what came since, then listens. */
  async connect() {
    if (document.hidden || this.source || this.connecting) return
    this.connecting = true
    try {
      const answer = await fetch(`/_huygens/trace.json?after=${this.next}`)
      if (answer.status === 404) { this.connection("ended"); return }
      if (!answer.ok) throw new Error(String(answer.status))
      const batch = await answer.json()
      if (this.next > 0) this.missed += batch.missed
      this.next = batch.next
      this.loaded = true
      this.take(batch.traces)
      this.listen()
    } catch {
      this.connection("lost")
      this.retry = setTimeout(() => this.connect(), 2000)
    } finally {
      this.connecting = false
    }
    this.ask()
  }

  listen() {
    const source = new EventSource(`/_huygens/trace/events?after=${this.next}`)
    this.source = source
    let waiting = []
    let frame = 0
    const flush = () => { frame = 0; this.take(waiting); waiting = [] }
    source.onopen = () => this.connection("live")
    source.onmessage = (event) => {
      if (event.lastEventId) this.next = Number(event.lastEventId)
      waiting.push(JSON.parse(event.data))
      if (!frame) frame = requestAnimationFrame(flush)
    }
    source.addEventListener("missed", (event) => { this.missed += JSON.parse(event.data).missed })
    source.onerror = () => {
      this.connection("lost")
      if (source.readyState !== EventSource.CLOSED) return
      this.disconnect() // refused: perhaps the server has started anew
      this.retry = setTimeout(() => this.connect(), 2000)
    }
  }

  disconnect() {
    clearTimeout(this.retry)
    this.source?.close()
    this.source = null
  }

  take(traces) {
    for (const trace of traces) {
      const known = this.rows.has(trace.number)
      this.rows.set(trace.number, row(trace))
      const last = this.last ?? 0
      if (!known && trace.number < last) this.unsorted = true
      this.last = Math.max(last, trace.number)
    }
    if (this.unsorted) {
      this.rows = new Map([...this.rows].sort((a, b) => a[0] - b[0]))
      this.unsorted = false
    }
    this.bound()
    this.changed()
  }

  bound() {
    let surplus = this.rows.size - mostRows
    let thin = this.rows.size - wholeRows
    for (const [number, old] of this.rows) {
      if (surplus-- > 0) this.rows.delete(number)
      else if (thin > 0 && !old.thin) {
        old.thin = true
        for (const message of [old.trace.request, old.trace.response]) {
          if (message.body.text) message.body = { ...message.body, text: "", gone: true }
        }
      }
      if (thin-- <= 0) break
    }
  }

  /** Asks how the server is; hears so that somebody else has cleared the trace. */
  async ask() {
    if (document.hidden) return
    try {
      const answer = await fetch("/_huygens/status")
      if (!answer.ok) return
      this.status = await answer.json()
    } catch {
      return
    }
    if (this.status.trace.cleared > this.cleared) {
      const first = this.cleared === 0 && this.rows.size === 0
      this.cleared = this.status.trace.cleared
      if (!first && [...this.rows.keys()].some((number) => number <= this.cleared)) this.again()
    }
    this.changed()
  }

  /** Begins anew with what the server has. */
  again() {
    const { cleared } = this
    this.disconnect()
    this.forget()
    this.cleared = cleared
    this.changed()
    this.connect()
  }
}

/** Asks for /_huygens/control/NAME. */
export async function control(name, order) {
  const key = document.querySelector('meta[name="huygens-key"]').content
  const answer = await fetch(`/_huygens/control/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Huygens-Key": key },
    body: JSON.stringify(order),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
