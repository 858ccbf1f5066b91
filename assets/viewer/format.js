// Numbers as people read them.

/** Milliseconds from microseconds, with one digit; under a millisecond with two. */
export function ms(micros) {
  if (micros < 0) return "…"
  const value = micros / 1000
  if (value >= 10000) return (value / 1000).toFixed(1) + " s"
  return micros === 0 ? "0" : value.toFixed(micros < 1000 ? 2 : 1)
}

/** The same with its unit. */
export function time(micros) {
  const text = ms(micros)
  return micros < 0 ? "still running" : text.endsWith("s") ? text : text + " ms"
}

/** The time of day of an RFC 3339 time. */
export function clock(began) {
  const at = new Date(began)
  if (Number.isNaN(at.getTime())) return ""
  const two = (n) => String(n).padStart(2, "0")
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, "0")}`
}

/** A number of bytes. */
export function bytes(n) {
  if (n < 1024) return `${n} B`
  if (n < 1024 * 1024) return `${(n / 1024).toFixed(1)} kB`
  return `${(n / 1024 / 1024).toFixed(1)} MB`
}

const words = {
  200: "OK", 201: "Created", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other",
  304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
  404: "Not Found", 405: "Method Not Allowed", 413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
  416: "Range Not Satisfiable", 431: "Request Header Fields Too Large", 500: "Internal Server Error", 502: "Bad Gateway",
  503: "Service Unavailable", 504: "Gateway Timeout",
}

/** A status with its word. */
export const status = (code) => (words[code] ? `${code} ${words[code]}` : String(code || "no answer yet"))
