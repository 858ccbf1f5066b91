// Style sheets are swapped: a second element loads the new one, then the old one goes. So nothing flashes.

const successors = new Map() // element -> the one that loads to take its place

async function swapSheets(paths) {
  const waiting = []
  for (const root of roots()) {
    for (const owner of root.querySelectorAll('link[rel~="stylesheet" i][href], style')) {
      if ([...successors.values()].includes(owner)) continue
      const own = owner.localName === "link" && paths.has(pathOf(owner.href))
      const imported = importsOf(owner.sheet, paths)
      if (own || imported.size) waiting.push(replace(owner, imported))
    }
  }
  await Promise.all(waiting)
}

// importsOf finds the changed style sheets that this one imports, however deep.
function importsOf(sheet, paths, found = new Set()) {
  for (const rule of rulesOf(sheet)) {
    if (!(rule instanceof CSSImportRule)) continue
    const url = new URL(rule.href, sheet.href || document.baseURI)
    if (paths.has(pathOf(url.href))) found.add(url.href)
    importsOf(rule.styleSheet, paths, found)
  }
  return found
}

async function replace(owner, imported) {
  // An import keeps its address, so the browser's cache must have the new bytes before it is read again.
  await Promise.all([...imported].map((url) => fetch(url, { cache: "reload" }).catch(() => null)))
  successors.get(owner)?.remove()
  const next = owner.cloneNode(true)
  next.nonce = owner.nonce
  next.removeAttribute("integrity") // it was made for the old bytes
  if (owner.localName === "link") next.href = anew(owner.href)
  successors.set(owner, next)
  await new Promise((done) => {
    next.addEventListener("load", done, { once: true })
    next.addEventListener("error", done, { once: true }) // a removed file has no rules any more
    owner.after(next)
  })
  if (successors.get(owner) === next) {
    successors.delete(owner)
    owner.remove()
  }
}
