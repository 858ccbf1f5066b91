// One event stream for all tabs of a browser. The tab that holds the lock leads: it has the stream and hands
// its events on. Others say which event they have reached and get what they missed. A tab that is hidden or
// leaves lets everything go, so that it can rest in the back/forward cache.

const address = "/_huygens/reload"
const name = "huygens-reload"
const names = ["connected", "css-update", "page-update", "full-reload", "error", "ok"]

let seen = (tag && tag.dataset.at) || "" // id of the newest event that this page knows of
let on = false
let channel = null
let abort = null // ends the wait for the lock
let release = null // ends the holding of the lock
let source = null
let from = 0 // the leader has every event after this number
let recent = [] // those events
let hello = null // the event that the stream began with
let standing = null // the error that holds until ok; it comes again with its old id
let shown = "" // id of the error that this page has shown
let wait = 0
let timer = 0

const runOf = (id) => id.slice(0, Math.max(0, id.lastIndexOf("-")))
const numberOf = (id) => Number(id.slice(id.lastIndexOf("-") + 1)) || 0

function start() {
  if (on || document.visibilityState !== "visible") return
  on = true
  try {
    channel = new BroadcastChannel(name)
    channel.onmessage = (m) => hear(m.data)
  } catch {
    channel = null
  }
  compete()
  say({ at: seen })
}

function stop() {
  if (!on) return
  on = false
  clearTimeout(timer)
  source?.close()
  channel?.close()
  abort?.abort()
  release?.()
  source = channel = abort = release = hello = null
}

async function compete() {
  if (!navigator.locks || !channel) return lead()
  abort = new AbortController()
  const mine = abort
  try {
    await navigator.locks.request(name, { signal: mine.signal }, () => {
      if (!on || abort !== mine) return
      return new Promise((done) => {
        release = done
        lead()
      })
    })
  } catch (fault) {
    if (fault.name !== "AbortError" && on) lead() // this page may use no locks: it listens alone
  }
}

function lead() {
  listen(seen)
  say({ leader: true })
}

function listen(after) {
  clearTimeout(timer)
  source?.close()
  source = new EventSource(after ? `${address}?after=${encodeURIComponent(after)}` : address)
  const mine = source
  for (const kind of names) {
    mine.addEventListener(kind, (e) => {
      if (source !== mine) return
      if (e instanceof MessageEvent) arrive(kind, e)
      else broken() // "error" is the browser's own word for it, too
    })
  }
}

function broken() {
  source.close()
  wait = Math.min(5000, 2 * wait || 250)
  timer = setTimeout(() => on && listen(seen), wait)
}

function arrive(kind, e) {
  wait = 0
  const event = { name: kind, id: e.lastEventId, data: JSON.parse(e.data) }
  if (kind === "connected") {
    hello = event
    from = numberOf(event.id)
    recent = []
  } else if (numberOf(event.id) > from) {
    recent.push(event)
    if (recent.length > 256) from = numberOf(recent.shift().id)
  }
  if (kind === "error") standing = event
  if (kind === "ok" || kind === "connected") standing = null
  say({ event })
  take(event)
}

function say(message) {
  channel?.postMessage(message)
}

function hear(message) {
  if (message.event) take(message.event)
  else if (message.leader) say({ at: seen })
  else if (message.at !== undefined && source && hello) answer(message.at)
}

// answer gives another tab what it missed; the tabs that know it already let it pass.
function answer(at) {
  if (!at || runOf(at) !== runOf(hello.id)) say({ event: hello })
  else if (numberOf(at) < from) listen(at)
  else recent.filter((e) => numberOf(e.id) > numberOf(at)).forEach((event) => say({ event }))
  if (standing) say({ event: standing })
}

function take(event) {
  if (event.name === "connected") {
    if (!seen) seen = event.id
    else if (runOf(seen) !== event.data.run) restarted(event)
    return
  }
  if (runOf(seen) === runOf(event.id) && numberOf(event.id) <= numberOf(seen)) {
    if (event.name !== "error" || event.id === shown) return
  } else {
    seen = event.id
  }
  if (event.name === "error") shown = event.id
  act(event)
}

// restarted: this page is of an earlier run of the server. A page that some cache brings back again and again
// is reloaded once for each run.
function restarted(event) {
  seen = event.id
  let again = ""
  try {
    again = sessionStorage.getItem("huygens:run")
    sessionStorage.setItem("huygens:run", here() + " " + event.data.run)
  } catch {
    return
  }
  if (again !== here() + " " + event.data.run) reload()
}
