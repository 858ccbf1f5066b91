// The grammar of filters, letter by letter that of trace.ParseFilter; both are held to one file of examples.

import { stages, sums } from "./stages.js"

/** Reads a filter and returns its test; throws an Error that says what is wrong. */
export function parseFilter(text) {
  const terms = split(text).map((word) => {
    const not = word.length > 1 && word[0] === "-"
    const match = term(not ? word.slice(1) : word)
    return not ? (t) => !match(t) : match
  })
  return (t) => terms.every((match) => match(t))
}

function split(text) {
  const words = []
  let at = 0
  while (at < text.length) {
    if (space(text[at])) { at++; continue }
    const start = at
    const slash = text[start] === "-" ? start + 1 : start
    if (text[slash] === "/") {
      const end = text.indexOf("/", slash + 1)
      if (end > slash + 1 && (end + 1 >= text.length || space(text[end + 1]))) {
        at = end + 1
        words.push(text.slice(start, at))
        continue
      }
    }
    let quoted = false
    for (; at < text.length && (quoted || !space(text[at])); at++) if (text[at] === '"') quoted = !quoted
    if (quoted) throw new Error("a quote is not closed")
    words.push(text.slice(start, at))
  }
  return words
}

const space = (c) => c === " " || c === "\t"
const unquote = (s) => s.replaceAll('"', "")
const contains = (s, part) => s.toLowerCase().includes(part.toLowerCase())
const same = (a, b) => a.toLowerCase() === b.toLowerCase()

function term(word) {
  if (word.length > 2 && word[0] === "/" && word[word.length - 1] === "/") {
    let expression
    try { expression = new RegExp(word.slice(1, -1), "i") } catch { throw new Error(`${word} is no regular expression`) }
    return (t) => expression.test(`${t.method} ${t.url}`) || expression.test(t.why)
  }
  const colon = word.indexOf(":")
  if (colon < 0 || !/^[a-z][a-z-]*$/i.test(word.slice(0, colon))) {
    const text = unquote(word)
    return (t) => contains(`${t.method} ${t.url}`, text) || contains(t.why, text)
  }
  const name = word.slice(0, colon).toLowerCase()
  const value = unquote(word.slice(colon + 1))
  if (value === "") throw new Error(`nothing follows ${name}:`)
  if (!Object.hasOwn(keys, name)) throw new Error(`there is no ${name}: (${Object.keys(keys).join(", ")}); put text with a colon in quotes`)
  const any = value.split(",").map((one) => keys[name](one))
  return (t) => any.some((match) => match(t))
}

const keys = {
  path: (v) => {
    if (v.includes("*")) {
      const pattern = glob(v)
      return (t) => { const p = path(t); return pattern.test(p) || pattern.test(p.slice(p.lastIndexOf("/") + 1)) }
    }
    return v.startsWith("/") ? (t) => path(t).startsWith(v) : (t) => contains(path(t), v)
  },
  method: (v) => (t) => same(t.method, v),
  status: (v) => {
    const low = v.toLowerCase()
    if (/^[1-5]xx$/.test(low)) return (t) => Math.floor(t.status / 100) === Number(low[0])
    const [compare, rest] = comparison(low)
    if (!/^\d+$/.test(rest)) throw new Error(`status:${v} is none of 404, 5xx, >=400`)
    return (t) => compare(t.status, Number(rest))
  },
  site: (v) => (t) => same(t.site, v),
  app: (v) => (t) => t.application === v,
  pool: (v) => (t) => same(t.pool, v),
  worker: (v) => (t) => String(t.worker) === v,
  id: (v) => (t) => t.id.startsWith(v.toLowerCase()) || String(t.number) === v,
  why: (v) => (t) => contains(t.why, v),
  slower: (v) => { const limit = micros(v); return (t) => t.tookMicros > limit },
  faster: (v) => { const limit = micros(v); return (t) => t.tookMicros < limit },
  "larger-than": (v) => {
    const m = /^(\d+)(k|kb|m|mb)?$/i.exec(v)
    if (!m) throw new Error(`${v} is no size like 10k`)
    const size = Number(m[1]) * (m[2] ? (m[2][0].toLowerCase() === "k" ? 1024 : 1024 * 1024) : 1)
    return (t) => t.bytes > size
  },
  stage: (v) => {
    const i = v.search(/[<>]/)
    const name = i < 0 ? v : v.slice(0, i)
    let compare = (a, b) => a >= b
    let limit = 0
    if (i >= 0) {
      const [operator, rest] = comparison(v.slice(i))
      compare = operator
      limit = micros(rest)
    }
    const stage = stages.findIndex((s) => same(s, name))
    if (stage >= 0) return (t) => has(t, stages[stage]) && compare(sums(t.spans)[stage], limit)
    return (t) => t.spans.some((s) => same(s.name, name) && compare(s.tookMicros, limit))
  },
  has: (v) => choose(v, "has", {
    error: hasError,
    log: (t) => t.log.length > 0,
    query: (t) => has(t, "Query"),
    body: (t) => t.request.body.bytes > 0,
    form: (t) => t.request.form.length > 0,
  }),
  header: (v) => {
    const equals = v.indexOf("=")
    const name = equals < 0 ? v : v.slice(0, equals)
    const part = equals < 0 ? "" : v.slice(equals + 1)
    return (t) => [...t.request.headers, ...t.response.headers].some(([n, value]) => same(n, name) && contains(value, part))
  },
  is: (v) => choose(v, "is", {
    page: isPage,
    running: (t) => t.phase === "running",
    paused: (t) => t.phase === "paused",
    done: (t) => t.phase === "done",
  }),
}

function choose(value, key, choices) {
  const name = value.toLowerCase()
  if (!Object.hasOwn(choices, name)) throw new Error(`${key}:${value} is none of ${Object.keys(choices).join(", ")}`)
  return choices[name]
}

const path = (t) => t.url.split("?", 1)[0]
const has = (t, name) => t.spans.some((s) => s.name === name)

/** Whether something failed. */
export const hasError = (t) => t.status >= 500 || t.spans.some((s) => s.error)

/** Whether a page or Markdown page ran. */
export const isPage = (t) => t.spans.some((s) => s.name === "Markdown" || s.name === "PreInit")

/** A pattern as Go's path.Match: * and ? within a segment. */
function glob(pattern) {
  if (pattern.includes("[") && !/\[[^\]]+\]/.test(pattern)) throw new Error(`${pattern} is no pattern`)
  const source = pattern.replace(/[.+^${}()|\\]/g, "\\$&").replaceAll("*", "[^/]*").replaceAll("?", "[^/]")
  return new RegExp(`^${source}$`)
}

function comparison(value) {
  if (value.startsWith(">=")) return [(a, b) => a >= b, value.slice(2)]
  if (value.startsWith("<=")) return [(a, b) => a <= b, value.slice(2)]
  if (value.startsWith(">")) return [(a, b) => a > b, value.slice(1)]
  if (value.startsWith("<")) return [(a, b) => a < b, value.slice(1)]
  return [(a, b) => a === b, value]
}

const units = { us: 1, "µs": 1, ms: 1000, s: 1e6, m: 6e7, h: 3.6e9 }

/** A time in microseconds; a plain number means milliseconds. */
function micros(value) {
  const m = /^(\d+(?:\.\d*)?|\.\d+)(us|µs|ms|s|m|h)?$/.exec(value)
  if (!m) throw new Error(`${value} is no time like 50ms`)
  return Number(m[1]) * units[m[2] ?? "ms"]
}
