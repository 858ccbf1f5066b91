// What each event does to this page.

const tag = document.currentScript
const posted = Boolean(tag) && tag.dataset.posted !== undefined
const bornAt = performance.getEntriesByType("navigation")[0]?.name || location.href
let leaving = false

function act(event) {
  const data = event.data
  switch (event.name) {
    case "css-update":
      hideToast()
      swap(data.paths)
      break
    case "page-update":
      if (shows(data.path)) reload()
      break
    case "full-reload":
      reload()
      break
    case "error":
      showToast(event.id, data.message, data.file, data.line)
      break
    case "ok":
      hideToast()
      break
  }
}

function swap(paths) {
  const sheets = new Set()
  const images = new Set()
  for (const path of paths) {
    if (/\.css$/i.test(path)) sheets.add(decoded(path))
    else images.add(decoded(path))
  }
  if (sheets.size) swapSheets(sheets)
  if (images.size) swapImages(images)
}

// shows says whether this document is the page at path; its address may have been changed by a script since.
function shows(path) {
  const bare = (p) => decoded(p).replace(/(.)\/$/, "$1")
  return bare(path) === bare(location.pathname) || bare(path) === bare(new URL(bornAt).pathname)
}

function reload() {
  if (leaving) return
  leaving = true
  setTimeout(() => (leaving = false), 2000) // the page asked whether to leave, and the answer was no
  hideToast()
  keep()
  if (!posted) {
    location.reload()
    return
  }
  // A page that answered a form is asked for anew; reload would send the form again.
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search)
  location.replace(location.href)
}
