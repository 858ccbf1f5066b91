// The list of requests. Only the rows that are in sight are elements, and they are used again and again:
// 5,000 requests cost no more than 40.

import { make, set, write, byId } from "./dom.js"
import { ms, clock, time, status } from "./format.js"
import { stages } from "./stages.js"
import { paintRow } from "./bars.js"

const height = 22 // of a row, as in viewer.css

const columns = [
  { id: "number", text: "#", title: "Number", value: (r) => r.number, number: true },
  { id: "time", text: "Time", value: (r) => r.trace.began },
  { id: "method", text: "Method", value: (r) => r.trace.method },
  { id: "path", text: "Path", value: (r) => r.trace.url },
  { id: "status", text: "Status", value: (r) => r.trace.status, number: true },
  { id: "why", text: "Why", value: (r) => r.trace.why },
  { id: "total", text: "Total", title: "Total in milliseconds", value: (r) => r.trace.tookMicros, number: true },
  ...["Init", "Load", "PreR", "Rend", "Unl"].map((text, i) => ({
    id: "s" + i, text, title: `${stages[i]} in milliseconds`, value: (r) => r.sums[i], number: true, stage: true,
  })),
  { id: "bar", text: "Waterfall", title: "Waterfall: sorts by the longest", value: (r) => r.trace.tookMicros },
]

export class List {
  constructor(chosen, opened) {
    this.chosen = chosen // called with a row, or null
    this.opened = opened // called when the details are asked for
    this.rows = [] // in the order in which they are shown
    this.number = 0 // of the chosen request
    this.follow = true
    this.seen = 0 // the newest number that was in sight
    this.sort = { column: columns[0], down: false }
    this.pool = []
    this.view = byId("rows")
    this.space = byId("space")
    this.buildHead()
    this.view.addEventListener("scroll", () => this.scrolled(), { passive: true })
    this.view.addEventListener("keydown", (event) => this.key(event))
    this.view.addEventListener("click", (event) => this.click(event))
    this.view.addEventListener("dblclick", () => this.opened())
    byId("new").addEventListener("click", () => this.toEnd())
    byId("follow").addEventListener("change", (event) => { event.target.checked ? this.toEnd() : this.letGo() })
    new ResizeObserver(() => this.draw()).observe(this.view)
  }

  buildHead() {
    const head = byId("head")
    for (const column of columns) {
      const button = set(make("button", `c-${column.id}${column.number ? " right" : ""}`, column.text), { type: "button" })
      button.title = column.title ?? column.text
      button.addEventListener("click", () => this.sortBy(column))
      column.button = button
      head.append(button)
    }
    set(this.view, { "aria-colcount": columns.length })
    this.markSort()
  }

  sortBy(column) {
    const down = this.sort.column === column ? !this.sort.down : column.number === true && column.id !== "number"
    this.sort = { column, down }
    this.markSort()
    this.show(this.rows)
    this.reveal()
  }

  markSort() {
    for (const column of columns) {
      const on = this.sort.column === column
      column.button.classList.toggle("sorted", on)
      column.button.classList.toggle("down", on && this.sort.down)
      set(column.button, { "aria-description": on ? (this.sort.down ? "sorted, largest first" : "sorted") : null })
    }
  }

  get inOrder() { return this.sort.column.id === "number" && !this.sort.down }

  /** Shows these rows, which come in the order of their numbers. */
  show(rows) {
    const { column, down } = this.sort
    if (!this.inOrder) {
      const sign = down ? -1 : 1
      rows = [...rows].sort((a, b) => {
        const x = column.value(a), y = column.value(b)
        return x < y ? -sign : x > y ? sign : a.number - b.number
      })
    }
    this.rows = rows
    this.space.style.height = `${rows.length * height}px`
    set(this.view, { "aria-rowcount": rows.length })
    if (this.follow && this.inOrder) this.view.scrollTop = this.view.scrollHeight
    this.draw()
    this.tellNew()
  }

  /** Fills the rows that are in sight. */
  draw() {
    const first = Math.max(0, Math.floor(this.view.scrollTop / height) - 1)
    const count = Math.min(this.rows.length - first, Math.ceil(this.view.clientHeight / height) + 2)
    while (this.pool.length < count) this.pool.push(this.newRow())
    const width = this.pool[0]?.cells[columns.length - 1].clientWidth ?? 0
    let longest = 0
    for (let i = first; i < first + count; i++) longest = Math.max(longest, this.rows[i].trace.tookMicros)
    // A row keeps its element while it is in sight, so that scrolling fills only what comes in.
    this.pool.forEach((element, slot) => {
      const index = first + ((slot - first) % this.pool.length + this.pool.length) % this.pool.length
      element.hidden = index >= first + count
      if (!element.hidden) this.fill(element, this.rows[index], index, longest, width)
    })
    const chosen = this.pool.find((element) => !element.hidden && element.row.number === this.number)
    set(this.view, { "aria-activedescendant": chosen ? chosen.id : null })
  }

  newRow() {
    const element = set(make("div", "row"), { role: "row", id: `row${this.pool.length}` })
    element.cells = columns.map((column, i) => {
      const cell = make("span", `c-${column.id}${column.number ? " right" : ""}`)
      set(cell, { role: "gridcell", "aria-colindex": i + 1 })
      element.append(cell)
      return cell
    })
    this.space.append(element)
    return element
  }

  fill(element, row, index, longest, width) {
    const t = row.trace
    const chosen = row.number === this.number
    if (element.index !== index) {
      element.style.transform = `translateY(${index * height}px)`
      set(element, { "aria-rowindex": index + 1 })
    }
    if (element.chosen !== chosen) set(element, { "aria-selected": String(chosen) })
    if (element.longest !== longest || element.width !== width || element.row !== row) paintRow(element.cells[columns.length - 1], t, longest, width)
    const same = element.row === row
    Object.assign(element, { row, index, chosen, longest, width })
    if (same) return
    element.className = `row${row.number % 2 ? " odd" : ""}${t.phase === "done" ? "" : " running"}${row.failed ? " failed" : ""}`
    const texts = [
      String(t.number), clock(t.began), t.method, t.url, t.status ? String(t.status) : t.phase === "done" ? "–" : "…", t.why,
      ms(t.tookMicros), ...row.sums.map((sum) => (row.sums.some(Boolean) ? ms(sum) : "")), "",
    ]
    texts.forEach((text, i) => write(element.cells[i], text))
    element.cells[3].title = t.url
    element.cells[4].className = `c-status right status-${Math.floor(t.status / 100)}`
    element.cells[4].title = status(t.status)
    element.cells[5].title = t.why
    const bar = element.cells[columns.length - 1]
    set(bar, { "aria-label": this.describe(row) })
    bar.title = this.describe(row)
  }

  describe(row) {
    const parts = stages.flatMap((name, i) => (row.sums[i] > 0 ? [`${name} ${ms(row.sums[i])}`] : []))
    const failed = row.trace.spans.find((span) => span.error)
    return `${parts.join(" · ") || "no stages"} · total ${time(row.trace.tookMicros)}${failed ? ` · failed in ${failed.name}` : ""}`
  }

  scrolled() {
    const atEnd = this.view.scrollTop + this.view.clientHeight >= this.view.scrollHeight - height / 2
    if (this.follow && !atEnd) this.letGo()
    else if (!this.follow && atEnd && this.inOrder && this.rows.length > 0) this.setFollow(true)
    this.draw()
    this.tellNew()
  }

  setFollow(on) {
    this.follow = on
    byId("follow").checked = on
  }

  letGo() {
    this.seen = Math.max(this.seen, ...this.rows.slice(-1).map((row) => row.number))
    this.setFollow(false)
    this.tellNew()
  }

  toEnd() {
    if (!this.inOrder) { this.sort = { column: columns[0], down: false }; this.markSort() }
    this.setFollow(true)
    this.show([...this.rows].sort((a, b) => a.number - b.number))
  }

  /** Says how many came since the list was let go. */
  tellNew() {
    if (this.follow) this.seen = Math.max(this.seen, this.rows[this.rows.length - 1]?.number ?? 0)
    const fresh = this.follow ? 0 : this.rows.reduce((count, row) => (row.number > this.seen ? count + 1 : count), 0)
    const button = byId("new")
    button.hidden = fresh === 0
    write(button, `${fresh} new ↓`)
  }

  /** Chooses a request by its number; 0 for none. */
  choose(number, reveal = true) {
    this.number = number
    this.chosen(this.rows.find((row) => row.number === number) ?? null) // may take half of the list's height
    if (reveal) this.reveal()
    this.draw()
  }

  reveal() {
    const index = this.index()
    if (index < 0) return
    const top = index * height
    if (top < this.view.scrollTop) this.view.scrollTop = top
    else if (top + height > this.view.scrollTop + this.view.clientHeight) this.view.scrollTop = top + height - this.view.clientHeight
  }

  index() { return this.rows.findIndex((row) => row.number === this.number) }

  click(event) {
    const element = event.target.closest(".row")
    if (element) this.choose(element.row.number, false)
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const page = Math.max(1, Math.floor(this.view.clientHeight / height) - 1)
    const last = this.rows.length - 1
    const at = this.index()
    const to = {
      ArrowDown: at + 1, ArrowUp: at < 0 ? last : at - 1, PageDown: at + page, PageUp: Math.max(0, at - page), Home: 0, End: last,
    }[event.key]
    if (event.key === "Enter") this.opened()
    if (to === undefined && event.key !== "Enter") return
    event.preventDefault()
    if (to !== undefined && last >= 0) {
      this.choose(this.rows[Math.min(last, Math.max(0, to))].number)
      if (event.key === "End") this.toEnd()
    }
  }
}
